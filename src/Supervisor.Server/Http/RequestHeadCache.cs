using System.Security.Cryptography;

namespace Supervisor.Server.Http;

/// <summary>
/// The last few short heads of one server, parsed: most clients send the same head with every request, and comparing it is faster than parsing
/// it. Shared by all connections, so idle ones hold no copy. Thread-safe.
/// </summary>
internal sealed class RequestHeadCache
{
    private const int Capacity = 16;

    private readonly RequestHead?[] _heads = new RequestHead?[Capacity];

    public RequestHead? Find(ReadOnlySpan<byte> bytes) =>
        Volatile.Read(ref _heads[bytes.Length % Capacity]) is { } head && IsSame(bytes, head) ? head : null;

    public void Keep(RequestHead head)
    {
        if (head.Bytes.Length <= RequestHead.Short)
        {
            Volatile.Write(ref _heads[head.Bytes.Length % Capacity], head);
        }
    }

    // Constant-time: the head may contain credentials.
    private static bool IsSame(ReadOnlySpan<byte> bytes, RequestHead head) => head["Authorization"] is null
        ? bytes.SequenceEqual(head.Bytes)
        : CryptographicOperations.FixedTimeEquals(bytes, head.Bytes);
}
