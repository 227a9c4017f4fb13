using System.Text;

namespace Supervisor.Testing;

/// <summary>A manual page in roff's man macros, for the files that are made from the tables of the programs.</summary>
public sealed class ManPage
{
    private const int TabWidth = 8;

    private readonly StringBuilder _text = new();

    /// <param name="name">As in <c>man name</c>.</param>
    /// <param name="section">1 for commands, 5 for files.</param>
    /// <param name="summary">What it is, in half a sentence.</param>
    public ManPage(string name, int section, string summary)
    {
        _text.Append(".\\\" Made from the tables of the program; UPDATE_GENERATED=1 dotnet test writes it anew.\n");
        _text.Append($".TH {name.ToUpperInvariant()} {section} \"\" \"Supervisor.Net\"\n");
        Section("NAME").Paragraph($"{name} - {summary}");
    }

    public string Text => _text.ToString();

    public ManPage Section(string title)
    {
        _text.Append($".SH {title}\n");
        return this;
    }

    public ManPage Subsection(string title)
    {
        _text.Append($".SS {Escape(title)}\n");
        return this;
    }

    public ManPage Paragraph(string text)
    {
        _text.Append($".PP\n{Escape(text)}\n");
        return this;
    }

    /// <summary>A term in bold with its explanation below it.</summary>
    public ManPage Item(string term, string text)
    {
        _text.Append($".TP\n.B {Escape(term)}\n{Escape(text)}\n");
        return this;
    }

    /// <summary>Lines as they are.</summary>
    public ManPage Verbatim(string text)
    {
        _text.Append($".PP\n.nf\n{string.Join('\n', text.TrimEnd('\n').Split('\n').Select(ExpandTabs).Select(Escape))}\n.fi\n");
        return this;
    }

    /// <summary>The options of a usage text: <c>-x/--long VALUE -- meaning</c>, perhaps over several lines.</summary>
    public ManPage Options(string usage)
    {
        string? term = null;
        var meaning = "";
        foreach (var line in usage.Split('\n'))
        {
            var dashes = line.IndexOf(" -- ", StringComparison.Ordinal);
            if (line.StartsWith('-') && dashes > 0)
            {
                Flush();
                (term, meaning) = (line[..dashes], line[(dashes + 4)..]);
            }
            else if (term is not null && line.StartsWith(' '))
            {
                meaning += " " + line.Trim();
            }
            else
            {
                Flush();
            }
        }

        Flush();
        return this;

        void Flush()
        {
            if (term is not null)
            {
                Item(term, meaning);
                term = null;
            }
        }
    }

    private static string ExpandTabs(string line)
    {
        var expanded = new StringBuilder();
        foreach (var letter in line)
        {
            expanded.Append(letter == '\t' ? new string(' ', TabWidth - (expanded.Length % TabWidth)) : letter.ToString());
        }

        return expanded.ToString();
    }

    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
