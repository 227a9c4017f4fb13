using System.Text;

namespace Supervisor.Ctl.Output;

/// <summary>
/// Text as UTF-8 bytes to a stream, collected until somebody might be waiting for it. Log streams write from a second thread,
/// hence the lock.
/// </summary>
/// <param name="stream">Takes the bytes.</param>
/// <param name="isTerminal">Somebody looks at it.</param>
/// <param name="colours">It may be coloured; never true where another program reads.</param>
internal sealed class CtlOutput(Stream stream, bool isTerminal = false, bool colours = false)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Lock gate = new();
    private readonly MemoryStream pending = new();

    public bool IsTerminal => isTerminal;

    public bool Colours => colours;

    public void Line(string text) => Text(text + "\n");

    public void Text(string text) => Bytes(Utf8.GetBytes(text));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            pending.Write(bytes);
        }
    }

    /// <exception cref="IOException">Nobody reads the output any more.</exception>
    public void Flush()
    {
        lock (gate)
        {
            try
            {
                if (pending.Length > 0)
                {
                    stream.Write(pending.GetBuffer(), 0, (int)pending.Length);
                    pending.SetLength(0);
                }

                stream.Flush();
            }
            catch (Exception e) when (e is UnauthorizedAccessException or ArgumentOutOfRangeException)
            {
                // The runtime's exceptions for EBADF and EFBIG: a closed output and a file size limit.
                throw new IOException("the output is closed, or has reached the file size limit", e);
            }
        }
    }
}
