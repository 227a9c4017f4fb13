using System.Globalization;
using System.Text;
using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Core.Configuration.Ini;

/// <summary>
/// Reads the dialect of Python's RawConfigParser as Supervisor sets it up: not strict, <c>;</c> and <c>#</c> also as inline comments,
/// <c>=</c> and <c>:</c> as delimiters, deeper indented lines as continuations (CFG-006..020).
/// </summary>
internal sealed class IniReader
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IniDocument _document;
    private readonly string _file;
    private readonly bool _included;
    private readonly ConfigFindings? _findings;
    private readonly List<(int Line, string Text)> _errors = [];
    private IniSection? _section;
    private string? _option;
    private int _optionLine;
    private List<string> _valueLines = [];
    private int _indent;

    private IniReader(IniDocument document, string file, bool included, ConfigFindings? findings)
    {
        _findings = findings;
        _document = document;
        _file = file;
        _included = included;
    }

    /// <summary>Reads one file into the document.</summary>
    /// <param name="document">Receives the sections; what it holds already is overridden.</param>
    /// <param name="file">Name for messages, as given (CFG-019).</param>
    /// <param name="content">Bytes of the file, which must be UTF-8.</param>
    /// <param name="included">Whether it comes from <c>[include]</c>.</param>
    /// <param name="findings">Takes the lines that are not this grammar, so that reading goes on; null refuses the file for them.</param>
    /// <exception cref="ConfigException">Not text, or not this grammar.</exception>
    public static void Read(IniDocument document, string file, ReadOnlySpan<byte> content, bool included, ConfigFindings? findings = null)
    {
        string text;
        try
        {
            text = s_strictUtf8.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigException(Utf8Error.Describe(content), e);
        }

        new IniReader(document, file, included, findings).ReadLines(text);
    }

    private void ReadLines(string text)
    {
        var number = 0;
        foreach (var line in Lines(text))
        {
            ReadLine(line, ++number);
        }

        FinishValue();
        if (_findings is not null)
        {
            foreach (var (line, raw) in _errors)
            {
                _findings.Add(new ConfigFinding(FindingSeverity.Error, $"not an option, a section or a comment: {PythonRepr.Of(raw.TrimEnd())}", _file, line));
            }
        }
        else if (_errors.Count > 0)
        {
            var message = new StringBuilder("Source contains parsing errors: ").Append(PythonRepr.Of(_file));
            foreach (var (line, raw) in _errors)
            {
                message.Append(CultureInfo.InvariantCulture, $"\n\t[line {line,2}]: {PythonRepr.Of(raw)}");
            }

            throw new ConfigException(message.ToString());
        }
    }

    private void ReadLine(string line, int number)
    {
        var comment = FindComment(line);
        var content = PythonText.Strip(comment < 0 ? line : line[..comment]);
        if (content.Length == 0)
        {
            // A blank line is part of the value; a comment vanishes without a trace (CFG-017).
            if (comment < 0 && _option is not null)
            {
                _valueLines.Add("");
            }

            return;
        }

        var indent = 0;
        while (PythonText.IsSpace(line[indent]))
        {
            indent++;
        }

        if (_option is not null && indent > _indent)
        {
            _valueLines.Add(content);
            return;
        }

        _indent = indent;
        if (content[0] == '[' && content.LastIndexOf(']') is > 1 and var close)
        {
            FinishValue();
            OpenSection(content[1..close], number);
        }
        else if (_section is null)
        {
            if (_findings is not null)
            {
                _findings.Add(new ConfigFinding(FindingSeverity.Error, $"no section before this line: {PythonRepr.Of(line.TrimEnd())}", _file, number));
                return;
            }

            throw new ConfigException(string.Create(CultureInfo.InvariantCulture,
                $"File contains no section headers.\nfile: {PythonRepr.Of(_file)}, line: {number}\n{PythonRepr.Of(line)}"));
        }
        else
        {
            ReadOption(content, line, number);
        }
    }

    private void ReadOption(string content, string line, int number)
    {
        var delimiter = content.AsSpan().IndexOfAny('=', ':');
        if (delimiter < 0)
        {
            _errors.Add((number, line));
            return;
        }

        FinishValue();
        var name = PythonText.Strip(content[..delimiter]);
        if (name.Length == 0)
        {
            _errors.Add((number, line));
            return;
        }

        _option = name.ToLowerInvariant();
        _optionLine = number;
        _valueLines = [PythonText.Strip(content[(delimiter + 1)..])];
    }

    private void OpenSection(string name, int line)
    {
        var known = _document.Has(name);
        _section = _document.Open(name, _file, line);
        if (!known && _included)
        {
            _section.IncludedFrom = _file;
        }

        _option = null;
    }

    private void FinishValue()
    {
        if (_section is not null && _option is not null)
        {
            var text = PythonText.StripEnd(string.Join('\n', _valueLines));
            var value = new IniValue(text, _file, _optionLine);
            if (_section.Find(_option) is { } earlier)
            {
                _document.Overrides.Add(new IniOverride(_section.Name, _option, earlier, value));
            }

            _section.Set(_option, value);
        }

        _option = null;
    }

    /// <summary>
    /// Start of the comment, or -1. Python looks at one occurrence of each prefix a round and stops at the first round that finds a
    /// comment, so an earlier <c> ;</c> can survive a later <c> #</c>; that order is kept.
    /// </summary>
    private static int FindComment(string line)
    {
        var first = 0;
        while (first < line.Length && PythonText.IsSpace(line[first]))
        {
            first++;
        }

        if (first < line.Length && line[first] is ';' or '#')
        {
            return 0;
        }

        var (semicolon, hash) = (-1, -1);
        var (moreSemicolons, moreHashes) = (true, true);
        while (moreSemicolons || moreHashes)
        {
            var start = int.MaxValue;
            Next(line, ';', ref semicolon, ref moreSemicolons, ref start);
            Next(line, '#', ref hash, ref moreHashes, ref start);
            if (start != int.MaxValue)
            {
                return start;
            }
        }

        return -1;
    }

    private static void Next(string line, char prefix, ref int index, ref bool more, ref int start)
    {
        if (!more)
        {
            return;
        }

        index = index + 1 < line.Length ? line.IndexOf(prefix, index + 1) : -1;
        more = index >= 0;
        if (more && (index == 0 || PythonText.IsSpace(line[index - 1])))
        {
            start = Math.Min(start, index);
        }
    }

    // Universal newlines: CRLF, LF and CR all end a line, and the line keeps a "\n" (CFG-008).
    private static IEnumerable<string> Lines(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.AsSpan(start).IndexOfAny('\n', '\r');
            if (end < 0)
            {
                yield return text[start..];
                yield break;
            }

            end += start;
            yield return text[start..end] + "\n";
            start = end + 1;
            if (text[end] == '\r' && start < text.Length && text[start] == '\n')
            {
                start++;
            }
        }
    }
}
