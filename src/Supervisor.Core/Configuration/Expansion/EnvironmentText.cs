using System.Text;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>
/// The grammar of <c>environment=</c> (OPT-012..019): Python's <c>shlex</c> tokens in POSIX mode, taken as <c>KEY = VALUE</c> and then
/// one more token, whatever it is.
/// </summary>
internal static class EnvironmentText
{
    /// <exception cref="ConfigException">The tokens do not come in that shape, or a quote is not closed.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var tokens = new Tokenizer(text).ToList();
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i += 4)
        {
            if (i + 2 >= tokens.Count || tokens[i + 1] != "=")
            {
                throw new ConfigException($"Unexpected end of key/value pairs in value '{text}'");
            }

            result[tokens[i]] = tokens[i + 2];
        }

        return result;
    }

    private sealed class Tokenizer(string text)
    {
        private int _next;

        public List<string> ToList()
        {
            var tokens = new List<string>();
            while (Read() is { } token)
            {
                tokens.Add(token);
            }

            return tokens;
        }

        private static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n';

        private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '+' or '-' or '(' or ')' or ':'
            || (c is >= '\u00c0' and <= '\u00ff' && c is not ('\u00d7' or '\u00f7'));

        private void SkipComment()
        {
            var end = text.IndexOf('\n', _next);
            _next = end < 0 ? text.Length : end + 1;
        }

        private string? Read()
        {
            while (_next < text.Length)
            {
                var c = text[_next];
                if (IsBlank(c))
                {
                    _next++;
                }
                else if (c == '#')
                {
                    SkipComment();
                }
                else if (IsWord(c) || c is '\'' or '"' or '\\')
                {
                    return ReadWord();
                }
                else
                {
                    // Any other character stands for itself; one outside the BMP is one character to Python.
                    var length = char.IsHighSurrogate(c) && _next + 1 < text.Length ? 2 : 1;
                    _next += length;
                    return text.Substring(_next - length, length);
                }
            }

            return null;
        }

        private string? ReadWord()
        {
            var word = new StringBuilder();
            var quoted = false;
            while (_next < text.Length)
            {
                var c = text[_next];
                if (c == '\'')
                {
                    quoted = true;
                    var end = text.IndexOf('\'', _next + 1);
                    if (end < 0)
                    {
                        throw new ConfigException(ShellWords.NoClosingQuotation);
                    }

                    word.Append(text, _next + 1, end - _next - 1);
                    _next = end + 1;
                }
                else if (c == '"')
                {
                    quoted = true;
                    ReadDoubleQuoted(word);
                }
                else if (c == '\\')
                {
                    if (_next + 1 >= text.Length)
                    {
                        throw new ConfigException(ShellWords.NoEscapedCharacter);
                    }

                    word.Append(text[_next + 1]);
                    _next += 2;
                }
                else if (IsWord(c))
                {
                    word.Append(c);
                    _next++;
                }
                else
                {
                    if (c == '#')
                    {
                        SkipComment();
                    }

                    break;
                }
            }

            return word.Length > 0 || quoted ? word.ToString() : Read();
        }

        private void ReadDoubleQuoted(StringBuilder word)
        {
            for (_next++; _next < text.Length; _next++)
            {
                var c = text[_next];
                if (c == '"')
                {
                    _next++;
                    return;
                }

                if (c == '\\')
                {
                    if (++_next == text.Length)
                    {
                        throw new ConfigException(ShellWords.NoEscapedCharacter);
                    }

                    if (text[_next] is not ('"' or '\\'))
                    {
                        word.Append('\\');
                    }

                    word.Append(text[_next]);
                }
                else
                {
                    word.Append(c);
                }
            }

            throw new ConfigException(ShellWords.NoClosingQuotation);
        }
    }
}
