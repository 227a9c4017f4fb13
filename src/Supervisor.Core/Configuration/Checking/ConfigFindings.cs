using Supervisor.Core.Configuration.Ini;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Collects the findings of one check, each once: a section is read once for each of its processes.</summary>
/// <param name="document">What is being read, for the places.</param>
/// <param name="mainFile">The place of what has none.</param>
internal sealed class ConfigFindings(IniDocument document, string mainFile)
{
    private readonly HashSet<ConfigFinding> _known = [];
    private readonly List<ConfigFinding> _all = [];

    /// <summary>By file in reading order, then by line; errors first where both are on one line.</summary>
    public IReadOnlyList<ConfigFinding> Sorted()
    {
        var files = _all.Select(f => f.File).Prepend(mainFile).Distinct().ToList();
        return [.. _all.OrderBy(f => files.IndexOf(f.File)).ThenBy(f => f.Line).ThenByDescending(f => f.Severity)];
    }

    public void Error(string message, string? section = null, string? option = null) => Add(FindingSeverity.Error, message, section, option);

    public void Warning(string message, string? section = null, string? option = null) => Add(FindingSeverity.Warning, message, section, option);

    public void Add(ConfigFinding finding)
    {
        if (_known.Add(finding))
        {
            _all.Add(finding);
        }
    }

    private void Add(FindingSeverity severity, string message, string? section, string? option)
    {
        var (file, line) = document.Place(section, option) ?? (mainFile, 0);
        Add(new ConfigFinding(severity, message, file, line, section, option));
    }
}
