using System.Text;
using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.Shell;

/// <summary>Lines typed at a terminal, with editing, history and completion.</summary>
/// <param name="editor">Reads lines.</param>
/// <param name="readKey">Reads keys.</param>
/// <param name="prepare">Takes the terminal out of line mode before a prompt invites somebody to type: Ctrl-D would get lost in it.</param>
/// <param name="output">The terminal.</param>
internal sealed class TerminalPrompter(LineEditor editor, Func<ConsoleKeyInfo> readKey, Action prepare, CtlOutput output) : IPrompter
{
    public bool SeesInterrupts => true;

    public string? ReadLine(string prompt)
    {
        prepare();
        return editor.ReadLine(prompt);
    }

    public string? ReadPassword(string prompt)
    {
        prepare();
        output.Text(prompt);
        output.Flush();
        var typed = new StringBuilder();
        while (true)
        {
            var key = readKey();
            switch (key)
            {
                case { Key: ConsoleKey.Enter } or { KeyChar: '\n' or '\r' }:
                    output.Line("");
                    return typed.ToString();
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\x03' }:
                    throw new InterruptedException();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\x04' } when typed.Length == 0:
                    return null;
                case { Key: ConsoleKey.Backspace } or { KeyChar: '\x7f' or '\b' }:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                case { KeyChar: >= ' ' }:
                    typed.Append(key.KeyChar);
                    break;
                default:
                    break;
            }
        }
    }
}
