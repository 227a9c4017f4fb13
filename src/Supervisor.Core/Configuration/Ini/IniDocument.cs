namespace Supervisor.Core.Configuration.Ini;

/// <summary>A value as the parser leaves it, with where it stands.</summary>
internal sealed record IniValue(string Text, string File, int Line);

/// <summary>One section: options in the order they were first seen.</summary>
internal sealed class IniSection(string name)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, IniValue>> _options = [];

    public string Name { get; } = name;

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

    public IniSection Defaults { get; } = new(DefaultSection);

    public bool Has(string section) => _index.ContainsKey(section);

    public IniSection? Find(string section) => _index.GetValueOrDefault(section);

    public IniSection Open(string name)
    {
        if (name == DefaultSection)
        {
            return Defaults;
        }

        if (!_index.TryGetValue(name, out var section))
        {
            section = new IniSection(name);
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
