using System.Text;
using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.Shell;

/// <summary>One line at a terminal with the usual Emacs keys. Long lines scroll sideways.</summary>
internal sealed class LineEditor(Func<ConsoleKeyInfo> readKey, Func<int> width, CtlOutput output, History history, Func<Completion?> completion)
{
    /// <summary>Ends a word for completion; colon, star and minus are part of names (CTL-022).</summary>
    private const string Delimiters = " \t\n`~!@#$%^&()=+[{]}\\|;'\",<>/?";

    private readonly StringBuilder text = new();
    private string prompt = "";
    private int cursor;
    private int historyIndex;
    private string typedBeforeHistory = "";
    private string killed = "";

    /// <summary>The line, or null for Ctrl-D on an empty line.</summary>
    public string? ReadLine(string newPrompt)
    {
        prompt = newPrompt;
        text.Clear();
        cursor = 0;
        historyIndex = history.Lines.Count;
        typedBeforeHistory = "";
        Draw();

        while (true)
        {
            var key = readKey();
            switch (Read(key))
            {
                case Outcome.Accept:
                    output.Text("\n");
                    output.Flush();
                    history.Add(text.ToString());
                    return text.ToString();
                case Outcome.End:
                    output.Flush();
                    return null;
                default:
                    Draw();
                    break;
            }
        }
    }

    private enum Outcome
    {
        Continue,
        Accept,
        End,
    }

    private Outcome Read(ConsoleKeyInfo key)
    {
        if (Control(key) is { } control)
        {
            return OnControl(control);
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter: return Outcome.Accept;
            case ConsoleKey.Tab: Complete(); break;
            case ConsoleKey.Backspace: Delete(cursor - 1, 1); break;
            case ConsoleKey.Delete: Delete(cursor, 1); break;
            case ConsoleKey.LeftArrow when key.Modifiers == ConsoleModifiers.Control: MoveTo(WordStart()); break;
            case ConsoleKey.RightArrow when key.Modifiers == ConsoleModifiers.Control: MoveTo(WordEnd()); break;
            case ConsoleKey.B when key.Modifiers == ConsoleModifiers.Alt: MoveTo(WordStart()); break;
            case ConsoleKey.F when key.Modifiers == ConsoleModifiers.Alt: MoveTo(WordEnd()); break;
            case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Alt: Kill(cursor, WordEnd()); break;
            case ConsoleKey.LeftArrow: MoveTo(cursor - 1); break;
            case ConsoleKey.RightArrow: MoveTo(cursor + 1); break;
            case ConsoleKey.Home: MoveTo(0); break;
            case ConsoleKey.End: MoveTo(text.Length); break;
            case ConsoleKey.UpArrow: Recall(historyIndex - 1); break;
            case ConsoleKey.DownArrow: Recall(historyIndex + 1); break;
            default: Insert(key); break;
        }

        return Outcome.Continue;
    }

    /// <summary>The letter of a control combination; terminals may report it as character or as key with modifier.</summary>
    private static char? Control(ConsoleKeyInfo key)
    {
        if (key.Key is ConsoleKey.Enter or ConsoleKey.Tab or ConsoleKey.Backspace)
        {
            return null;
        }

        if (key.KeyChar is > '\0' and < ' ' and not ('\t' or '\r' or '\n' or '\b' or '\x1b'))
        {
            return (char)(key.KeyChar + '@');
        }

        return key.Modifiers == ConsoleModifiers.Control && key.Key is >= ConsoleKey.A and <= ConsoleKey.Z ? (char)key.Key : null;
    }

    private Outcome OnControl(char letter)
    {
        switch (letter)
        {
            case 'A': MoveTo(0); break;
            case 'B': MoveTo(cursor - 1); break;
            case 'C': throw new InterruptedException();
            case 'D' when text.Length == 0: return Outcome.End;
            case 'D': Delete(cursor, 1); break;
            case 'E': MoveTo(text.Length); break;
            case 'F': MoveTo(cursor + 1); break;
            case 'H': Delete(cursor - 1, 1); break;
            case 'K': Kill(cursor, text.Length); break;
            case 'L': output.Text("\x1b[H\x1b[2J"); break;
            case 'N': Recall(historyIndex + 1); break;
            case 'P': Recall(historyIndex - 1); break;
            case 'R': return Search();
            case 'T': Transpose(); break;
            case 'U': Kill(0, cursor); break;
            case 'W': Kill(WordStart(), cursor); break;
            case 'Y': Insert(killed); break;
            default: break;
        }

        return Outcome.Continue;
    }

    private void Insert(ConsoleKeyInfo key)
    {
        if (key.KeyChar >= ' ' && key.KeyChar != '\x7f' && (key.Modifiers & ConsoleModifiers.Alt) == 0)
        {
            Insert(key.KeyChar.ToString());
        }
        else if (key.KeyChar == '\x7f')
        {
            Delete(cursor - 1, 1);
        }
    }

    private void Insert(string what)
    {
        text.Insert(cursor, what);
        cursor += what.Length;
    }

    private void Delete(int at, int count)
    {
        if (at >= 0 && at + count <= text.Length)
        {
            text.Remove(at, count);
            cursor = Math.Min(at, text.Length);
        }
    }

    private void Kill(int from, int to)
    {
        killed = text.ToString(from, to - from);
        text.Remove(from, to - from);
        cursor = from;
    }

    private int WordStart()
    {
        var at = cursor;
        while (at > 0 && text[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && text[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        var at = cursor;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        while (at < text.Length && text[at] != ' ')
        {
            at++;
        }

        return at;
    }

    private void Transpose()
    {
        var at = Math.Min(cursor, text.Length - 1);
        if (at > 0)
        {
            (text[at - 1], text[at]) = (text[at], text[at - 1]);
            cursor = at + 1;
        }
    }

    /// <summary>Ctrl-R: the latest line that contains what is typed, older ones with Ctrl-R again; Ctrl-G gives up, Enter takes and runs it.</summary>
    private Outcome Search()
    {
        var (saved, savedCursor) = (text.ToString(), cursor);
        var search = new HistorySearch(history.Lines);
        while (true)
        {
            DrawText($"(reverse-i-search)`{search.Pattern}': ", search.Match ?? "", search.Match?.Length ?? 0);
            var key = readKey();
            var control = Control(key);
            if (control == 'C')
            {
                throw new InterruptedException();
            }

            if (control == 'R')
            {
                search.Older();
            }
            else if (control == 'H' || key.Key == ConsoleKey.Backspace || key.KeyChar == '\x7f')
            {
                search.Shorten();
            }
            else if (control is null && key.Key != ConsoleKey.Tab && key.KeyChar >= ' ' && (key.Modifiers & ConsoleModifiers.Alt) == 0)
            {
                search.Extend(key.KeyChar);
            }
            else
            {
                var given = control == 'G' ? saved : search.Match ?? saved;
                text.Clear().Append(given);
                cursor = control == 'G' ? savedCursor : given.Length;
                Draw();
                // Any other key ends the search and does what it does.
                return control == 'G' || key.Key == ConsoleKey.Escape ? Outcome.Continue : Read(key);
            }
        }
    }

    private void MoveTo(int position) => cursor = Math.Clamp(position, 0, text.Length);

    private void Recall(int index)
    {
        if (index < 0 || index > history.Lines.Count)
        {
            return;
        }

        if (historyIndex == history.Lines.Count)
        {
            typedBeforeHistory = text.ToString();
        }

        historyIndex = index;
        text.Clear().Append(index == history.Lines.Count ? typedBeforeHistory : history.Lines[index]);
        cursor = text.Length;
    }

    private void Complete()
    {
        if (completion() is not { } source)
        {
            return;
        }

        var before = text.ToString(0, cursor);
        var start = before.AsSpan().LastIndexOfAny(Delimiters) + 1;
        var matches = source.Complete(before, before[start..]);
        if (matches.Count == 0)
        {
            output.Text("\a");
            return;
        }

        var common = matches.Aggregate(CommonPrefix);
        var addition = common[(cursor - start)..];
        if (matches.Count == 1)
        {
            Insert(addition + " ");
        }
        else if (addition.Length > 0)
        {
            Insert(addition);
        }
        else
        {
            output.Text("\n" + Columns.Format(matches, Math.Max(20, width())));
        }
    }

    private static string CommonPrefix(string a, string b) => a[..a.AsSpan().CommonPrefixLength(b)];

    private void Draw() => DrawText(prompt, text.ToString(), cursor);

    private void DrawText(string before, string line, int at)
    {
        var room = Math.Max(8, width() - before.Length - 1);
        var first = Math.Max(0, at - room);
        var visible = line.Substring(first, Math.Min(room, line.Length - first));
        var back = visible.Length - (at - first);
        output.Text($"\r{before}{visible}\x1b[K" + (back > 0 ? $"\x1b[{back}D" : ""));
        output.Flush();
    }
}
