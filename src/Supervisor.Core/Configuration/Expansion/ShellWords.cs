using System.Text;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>A command line whose quotes do not close; the text is the one Supervisor shows (SPN-002).</summary>
public sealed class ShellWordsException(string message) : Exception(message);

/// <summary>
/// Splits a command into words by POSIX quoting alone (SPN-001..003): single quotes are literal, in double quotes a backslash escapes
/// only <c>"</c> and <c>\</c>, elsewhere the next character. No comments, variables or operators.
/// </summary>
public static class ShellWords
{
    public const string NoClosingQuotation = "No closing quotation";
    public const string NoEscapedCharacter = "No escaped character";

    /// <exception cref="ShellWordsException">An unterminated quote or escape.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            switch (c)
            {
                case ' ' or '\t' or '\r' or '\n':
                    if (inWord)
                    {
                        words.Add(word.ToString());
                        word.Clear();
                        inWord = false;
                    }

                    break;
                case '\'':
                    inWord = true;
                    var end = command.IndexOf('\'', i + 1);
                    if (end < 0)
                    {
                        throw new ShellWordsException(NoClosingQuotation);
                    }

                    word.Append(command, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"':
                    inWord = true;
                    i = ReadDoubleQuoted(command, i + 1, word);
                    break;
                case '\\':
                    inWord = true;
                    if (++i == command.Length)
                    {
                        throw new ShellWordsException(NoEscapedCharacter);
                    }

                    word.Append(command[i]);
                    break;
                default:
                    inWord = true;
                    word.Append(c);
                    break;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    // Returns the index of the closing quote.
    private static int ReadDoubleQuoted(string command, int i, StringBuilder word)
    {
        for (; i < command.Length; i++)
        {
            var c = command[i];
            if (c == '"')
            {
                return i;
            }

            if (c == '\\')
            {
                if (++i == command.Length)
                {
                    throw new ShellWordsException(NoEscapedCharacter);
                }

                if (command[i] is not ('"' or '\\'))
                {
                    word.Append('\\');
                }

                word.Append(command[i]);
            }
            else
            {
                word.Append(c);
            }
        }

        throw new ShellWordsException(NoClosingQuotation);
    }
}
