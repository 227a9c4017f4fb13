using System.Text;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Writers;

/// <summary>
/// What <c>echo_supervisord_conf</c> prints: every option with its default, in the order, values and commented-out state that people know
/// from Python Supervisor (CLI-018).
/// </summary>
public static class SampleConfig
{
    private const int NoteColumn = 32;

    public static string Text { get; } = Write();

    private static string Write()
    {
        var text = new StringBuilder()
            .Append("; Sample configuration of supervisord. A semicolon in front of a line takes it out.\n")
            .Append(";\n")
            .Append("; Values are not quoted, except in environment=. Variables are written %(ENV_HOME)s; ~ and $HOME mean nothing.\n")
            .Append("; A comment behind a value needs a blank before its semicolon, also where none is meant: command=sh -c 'a ; b' is cut.\n")
            .Append("; The paths below are in /tmp because every system has it; choose better ones.\n");
        foreach (var section in ConfigSchema.Sections.Where(s => s.SampleName is not null))
        {
            text.Append('\n');
            foreach (var sentence in section.Doc)
            {
                text.Append("; ").Append(sentence).Append('\n');
            }

            text.Append(section.SampleIsOn ? "[" : ";[").Append(section.SampleName).Append("]\n");
            foreach (var entry in section.Entries.Where(e => e.Sample is not null))
            {
                var line = $"{(entry.IsOn ? "" : ";")}{entry.Row.Name}={entry.Sample}";
                text.Append(line.Length < NoteColumn ? $"{line.PadRight(NoteColumn - 1)} ; {Note(entry.Row)}" : line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Note(OptionRow row)
    {
        var doc = row.Doc.TrimEnd('.');
        return char.IsUpper(doc[1]) ? doc : char.ToLowerInvariant(doc[0]) + doc[1..];
    }
}
