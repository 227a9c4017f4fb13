using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Ini;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>What the readers of one load share.</summary>
internal sealed class LoadContext
{
    private LoadContext(IConfigHost host, string file, bool lenient, bool checking)
    {
        Findings = checking ? new ConfigFindings(Document, file) : null;
        File = file;
        Host = host;
        Machine = new MachineDatatypes(host, lenient);
        Here = PosixPath.Absolute(PosixPath.Parent(file), host.WorkingDirectory);
        foreach (var (name, value) in host.Environment)
        {
            Environment.Set("ENV_" + name, value);
        }
    }

    public IConfigHost Host { get; }
    public IniDocument Document { get; } = new();
    public MachineDatatypes Machine { get; }

    /// <summary>The main file as given, for messages (CFG-019).</summary>
    public string File { get; }

    /// <summary>Absolute directory of the main file.</summary>
    public string Here { get; }

    /// <summary><c>ENV_*</c>; grows by <c>[supervisord] environment</c> (CFG-033).</summary>
    public ExpansionScope Environment { get; } = new();

    /// <summary>Takes all mistakes when a person wants to know them; null lets the first one end the load.</summary>
    public ConfigFindings? Findings { get; }

    public SecretVariables Secrets { get; } = new();

    public List<string> Warnings { get; } = [];
    public List<string> Infos { get; } = [];

    public static LoadContext Open(IConfigHost host, string file, bool lenient, bool checking = false)
    {
        if (!host.Exists(file))
        {
            throw new ConfigException($"could not find config file {file}");
        }

        var content = host.ReadFile(file) ?? throw new ConfigException($"could not read config file {file}");
        var context = new LoadContext(host, file, lenient, checking);
        IniReader.Read(context.Document, file, content, included: false, context.Findings);
        return context;
    }

    /// <summary><c>ENV_*</c> and <c>here</c> (CFG-037).</summary>
    public ExpansionScope CommonScope() => new ExpansionScope(Environment).Set("here", Here);

    /// <summary>A reader of a section with the given names.</summary>
    public SectionReader Section(string name, ExpansionScope scope) => new(this, name, scope);

    /// <summary>Ends the load with this text, or notes it and goes on.</summary>
    public void Refuse(string message, string section, string? option = null)
    {
        if (Findings is null)
        {
            throw new ConfigException(message);
        }

        Findings.Error(message, section, option);
    }

    /// <summary>For the activity log and whoever checks.</summary>
    public void Warn(string message, string section, string? option = null)
    {
        Warnings.Add(message);
        Findings?.Warning(message, section, option);
    }

    /// <summary>One entry for each section that can be read; those with a mistake are noted and left out, or end the load.</summary>
    public IEnumerable<T> ReadEach<T>(IEnumerable<string> sections, Func<string, T> read)
    {
        foreach (var section in sections)
        {
            T result;
            try
            {
                result = read(section);
            }
            catch (ConfigException e) when (Findings is not null)
            {
                Findings.Error(e.Message, section);
                continue;
            }

            yield return result;
        }
    }

    public IEnumerable<string> SectionsWith(string prefix) =>
        Document.Sections.Select(s => s.Name).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToList();

    /// <summary>What follows the first colon of a section name.</summary>
    public static string Suffix(string section) => section[(section.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
