using System.Security.Cryptography;

namespace Supervisor.Server.Http;

/// <summary>
/// The last few short heads that came in by one server, as they were read: most clients send the same head with every request, and comparing
/// it is quicker than reading it. For all clients together, so that one that waits holds none. Any thread.
/// </summary>
internal sealed class HeadMemory
{
    private const int Places = 16;

    private readonly RequestHead?[] _heads = new RequestHead?[Places];

    public RequestHead? Find(ReadOnlySpan<byte> bytes) =>
        Volatile.Read(ref _heads[bytes.Length % Places]) is { } head && IsSame(bytes, head) ? head : null;

    public void Keep(RequestHead head)
    {
        if (head.Bytes.Length <= RequestHead.Short)
        {
            Volatile.Write(ref _heads[head.Bytes.Length % Places], head);
        }
    }

    // How long it takes must tell nobody how much of another client's password was right.
    private static bool IsSame(ReadOnlySpan<byte> bytes, RequestHead head) => head["Authorization"] is null
        ? bytes.SequenceEqual(head.Bytes)
        : CryptographicOperations.FixedTimeEquals(bytes, head.Bytes);
}
