using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>
/// The last few small calls as they were read: whoever watches us asks the same again and again, and comparing a document is quicker than reading
/// it. Any thread.
/// </summary>
internal sealed class ParsedCallCache
{
    private const int Places = 16;

    // Bytes of the longest document that is kept.
    private const int Longest = 512;

    private readonly Entry?[] _entries = new Entry?[Places];

    public bool TryFind(ReadOnlySpan<byte> document, out string? method, out IReadOnlyList<RpcValue> arguments)
    {
        if (document.Length <= Longest && Volatile.Read(ref _entries[Place(document)]) is { } entry && document.SequenceEqual(entry.Document))
        {
            (method, arguments) = (entry.Method, entry.Arguments);
            return true;
        }

        (method, arguments) = (null, []);
        return false;
    }

    public void Keep(ReadOnlySpan<byte> document, string? method, IReadOnlyList<RpcValue> arguments)
    {
        if (document.Length <= Longest)
        {
            Volatile.Write(ref _entries[Place(document)], new Entry(document.ToArray(), method, arguments));
        }
    }

    private static int Place(ReadOnlySpan<byte> document)
    {
        var hash = new HashCode();
        hash.AddBytes(document);
        return (hash.ToHashCode() & int.MaxValue) % Places;
    }

    private sealed record Entry(byte[] Document, string? Method, IReadOnlyList<RpcValue> Arguments);
}
