using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Ini;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary><c>[include]</c> of the main file (CFG-043..052).</summary>
internal static class IncludeReader
{
    public static void Read(LoadContext load)
    {
        if (!load.Document.Has("include"))
        {
            return;
        }

        load.Document.ExpandHere(load.Here);
        var scope = load.CommonScope().Set("host_node_name", load.Host.HostName);
        var reader = load.Section("include", scope);
        if (reader.Raw(IncludeOptions.Files.Name) is null)
        {
            load.Refuse(".ini file has [include] section, but no files setting", "include");
        }

        // The environment wins over here and host_node_name, as in Python; no ENV_ name can collide.
        foreach (var pattern in PythonText.Split(reader.Get(IncludeOptions.Files) ?? ""))
        {
            ReadPattern(load, PosixPath.Join(load.Here, pattern));
        }
    }

    private static void ReadPattern(LoadContext load, string pattern)
    {
        var matches = Glob.Match(load.Host, pattern).Order(CodePointOrder.Comparer).ToList();
        if (matches.Count == 0)
        {
            load.Warn($"No file matches via include \"{pattern}\"", "include", IncludeOptions.Files.Name);
            return;
        }

        foreach (var file in matches)
        {
            load.Infos.Add($"Included extra file \"{file}\" during parsing");
            // One that cannot be opened is skipped without a word (CFG-049).
            if (load.Host.ReadFile(file) is { } content)
            {
                IniReader.Read(load.Document, file, content, included: true, load.Findings);
            }

            load.Document.ExpandHere(PosixPath.Absolute(PosixPath.Parent(file), load.Host.WorkingDirectory));
        }
    }
}
