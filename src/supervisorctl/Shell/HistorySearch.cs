namespace Supervisor.Ctl.Shell;

/// <summary>Search backwards through the history while the pattern is typed.</summary>
internal sealed class HistorySearch(IReadOnlyList<string> lines)
{
    private int index = lines.Count - 1;

    public string Pattern { get; private set; } = "";

    /// <summary>The line found; it stays when a longer pattern is found nowhere.</summary>
    public string? Match { get; private set; }

    public void Extend(char letter)
    {
        Pattern += letter;
        Find(index);
    }

    public void Shorten()
    {
        Pattern = Pattern.Length > 0 ? Pattern[..^1] : "";
        Find(lines.Count - 1);
    }

    public void Older()
    {
        if (Pattern.Length > 0)
        {
            Find(index - 1);
        }
    }

    private void Find(int from)
    {
        for (var i = from; i >= 0 && Pattern.Length > 0; i--)
        {
            if (lines[i].Contains(Pattern, StringComparison.Ordinal))
            {
                index = i;
                Match = lines[i];
                return;
            }
        }
    }
}
