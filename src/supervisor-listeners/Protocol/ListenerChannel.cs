using System.Globalization;
using System.Text;

namespace Supervisor.Listeners.Protocol;

/// <summary>The listener's side of the protocol on stdin and stdout: READY, an event, RESULT (EVT-010..014).</summary>
internal sealed class ListenerChannel(Stream input, Stream output)
{
    private readonly BufferedStream _input = new(input);

    /// <summary>Says READY and waits for the next event; null when the daemon has closed the pipe.</summary>
    /// <exception cref="InvalidDataException">That is no event.</exception>
    public ListenerEvent? Next()
    {
        Say("READY\n"u8);
        if (ReadLine() is not { } line)
        {
            return null;
        }

        var headers = ListenerEvent.Tokens(line);
        if (!headers.TryGetValue("len", out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw new InvalidDataException($"no event header: {line}");
        }

        return ReadText(length) is { } payload ? new ListenerEvent(headers, payload) : null;
    }

    public void Accept() => Say("RESULT 2\nOK"u8);

    private void Say(ReadOnlySpan<byte> text)
    {
        output.Write(text);
        output.Flush();
    }

    private string? ReadLine()
    {
        var line = new List<byte>();
        for (int next; (next = _input.ReadByte()) >= 0;)
        {
            if (next == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add((byte)next);
        }

        return null;
    }

    // The length counts characters, not bytes (EVT-002).
    private string? ReadText(int characters)
    {
        var bytes = new List<byte>(characters);
        for (var i = 0; i < characters; i++)
        {
            var first = _input.ReadByte();
            if (first < 0)
            {
                return null;
            }

            bytes.Add((byte)first);
            for (var more = first switch { >= 0xf0 => 3, >= 0xe0 => 2, >= 0xc0 => 1, _ => 0 }; more > 0; more--)
            {
                bytes.Add((byte)_input.ReadByte());
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
