using System.Net;
using System.Net.Sockets;

namespace Supervisor.Server.Http;

/// <summary>
/// The full names of this machine, as it and the name service have them. Looked up when a client first calls us by a name that is not known
/// otherwise: a start neither waits for a name server nor loads what asks one. Any thread.
/// </summary>
/// <param name="lookUp">Finds them; may take its time.</param>
/// <param name="time">Clock and timers.</param>
internal sealed class MachineNames(Func<IReadOnlyList<string>> lookUp, TimeProvider time)
{
    // The client waits for it, and gets a refusal that it can repeat.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    // A name server that fails may be back later, but is not asked with every request.
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<string>>? _names;
    private long _asked;

    public MachineNames() : this(LookUp, TimeProvider.System)
    {
    }

    /// <summary>Whether the machine has this name; false when that cannot be found out in time.</summary>
    public async ValueTask<bool> HasAsync(string name)
    {
        try
        {
            return (await Names().WaitAsync(s_limit, time)).Contains(name, StringComparer.OrdinalIgnoreCase);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<IReadOnlyList<string>> Names()
    {
        lock (_gate)
        {
            if (_names is null || (_names is { IsCompletedSuccessfully: true, Result.Count: 0 } && time.GetElapsedTime(_asked) > s_again))
            {
                _asked = time.GetTimestamp();
                // Not on the caller's thread, which has other clients.
                _names = Task.Run(lookUp);
            }

            return _names;
        }
    }

    // By getaddrinfo with AI_CANONNAME.
    private static IReadOnlyList<string> LookUp()
    {
        try
        {
            var own = Dns.GetHostName();
            return [own, Dns.GetHostEntry(own).HostName];
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
