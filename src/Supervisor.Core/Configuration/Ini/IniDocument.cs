namespace Supervisor.Core.Configuration.Ini;

/// <summary>A value as the parser leaves it, with where it stands.</summary>
internal sealed record IniValue(string Text, string File, int Line);

/// <summary>A value that a later line of the same name replaced.</summary>
internal sealed record IniOverride(string Section, string Option, IniValue Earlier, IniValue Later);

/// <summary>One section: options in the order they were first seen.</summary>
/// <param name="name">What stands in the brackets.</param>
/// <param name="file">The file that has its first header.</param>
/// <param name="line">The line of that header.</param>
internal sealed class IniSection(string name, string file, int line)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, IniValue>> _options = [];

    public string Name { get; } = name;

    public string File { get; } = file;

    public int Line { get; } = line;

    /// <summary>The included file that first defined the section; null for the main file.</summary>
    public string? IncludedFrom { get; set; }

    public IReadOnlyList<KeyValuePair<string, IniValue>> Options => _options;

    public IniValue? Find(string option) => _index.TryGetValue(option, out var i) ? _options[i].Value : null;

    public void Set(string option, IniValue value)
    {
        if (_index.TryGetValue(option, out var i))
        {
            _options[i] = new(option, value);
        }
        else
        {
            _index.Add(option, _options.Count);
            _options.Add(new(option, value));
        }
    }
}

/// <summary>All sections of a file and its includes, merged as Python Supervisor merges them (CFG-021, CFG-022).</summary>
internal sealed class IniDocument
{
    private const string DefaultSection = "DEFAULT";
    private readonly Dictionary<string, IniSection> _index = new(StringComparer.Ordinal);
    private readonly List<IniSection> _sections = [];

    /// <summary>Without <c>[DEFAULT]</c>, in order of first appearance.</summary>
    public IReadOnlyList<IniSection> Sections => _sections;

    public IniSection Defaults { get; } = new(DefaultSection, "", 0);

    /// <summary>What was set more than once, in the order of the later lines.</summary>
    public List<IniOverride> Overrides { get; } = [];

    public bool Has(string section) => _index.ContainsKey(section);

    public IniSection? Find(string section) => _index.GetValueOrDefault(section);

    /// <summary>Where an option stands, else its section, else null.</summary>
    public (string File, int Line)? Place(string? section, string? option)
    {
        if (section is null)
        {
            return null;
        }

        if (option is not null && Get(section, option) is { } value)
        {
            return (value.File, value.Line);
        }

        return Find(section) is { } found ? (found.File, found.Line) : null;
    }

    /// <summary>The section of that name, made if it is new.</summary>
    public IniSection Open(string name, string file, int line)
    {
        if (name == DefaultSection)
        {
            return Defaults;
        }

        if (!_index.TryGetValue(name, out var section))
        {
            section = new IniSection(name, file, line);
            _index.Add(name, section);
            _sections.Add(section);
        }

        return section;
    }

    /// <summary>The option of the section, or of <c>[DEFAULT]</c>.</summary>
    public IniValue? Get(string section, string option) => Find(section)?.Find(option) ?? Defaults.Find(option);

    /// <summary>Names of all options of a section, those of <c>[DEFAULT]</c> included.</summary>
    public IEnumerable<string> OptionNames(string section)
    {
        var own = Find(section)!;
        return own.Options.Select(o => o.Key).Concat(Defaults.Options.Select(o => o.Key).Where(k => own.Find(k) is null));
    }

    /// <summary>The textual pre-pass of files with an include: <c>%(here)s</c> becomes the directory of the file just read (CFG-052).</summary>
    public void ExpandHere(string here)
    {
        const string Placeholder = "%(here)s";
        foreach (var section in _sections)
        {
            foreach (var option in OptionNames(section.Name).ToList())
            {
                var value = Get(section.Name, option)!;
                if (value.Text.Contains(Placeholder, StringComparison.Ordinal))
                {
                    section.Set(option, value with { Text = value.Text.Replace(Placeholder, here, StringComparison.Ordinal) });
                }
            }
        }
    }
}
