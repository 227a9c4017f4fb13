using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.Shell;

/// <summary>A typed line cut into command word and argument text.</summary>
/// <param name="Command">Null when the line cannot begin with a command (<c>!</c>), empty when it begins with another character.</param>
/// <param name="Line">The whole line without outer blanks.</param>
internal readonly record struct ParsedLine(string? Command, string Argument, string Line)
{
    /// <summary>The command is the longest run of letters, digits and underscores, so <c>tail-f</c> is <c>tail</c> with <c>-f</c> (CTL-021).</summary>
    public static ParsedLine Parse(string text)
    {
        var line = PythonText.Strip(text);
        if (line.Length == 0 || line[0] == '!')
        {
            return new ParsedLine(null, "", line);
        }

        if (line[0] == '?')
        {
            line = "help " + line[1..];
        }

        var end = 0;
        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_'))
        {
            end++;
        }

        return new ParsedLine(line[..end], PythonText.Strip(line[end..]), line);
    }
}
