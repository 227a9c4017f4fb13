namespace Supervisor.Core.Output;

/// <summary>
/// Bytes between the capture tokens, bounded: a chunk that would overflow it pushes out as many bytes from the front as it brings
/// (LOG-054).
/// </summary>
internal sealed class CaptureBuffer(long maxBytes)
{
    private readonly List<byte> _bytes = [];

    public ReadOnlySpan<byte> Content => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);

    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (_bytes.Count + (long)chunk.Length > maxBytes)
        {
            _bytes.RemoveRange(0, Math.Min(chunk.Length, _bytes.Count));
        }

        _bytes.AddRange(chunk);
    }

    public void Clear() => _bytes.Clear();
}
