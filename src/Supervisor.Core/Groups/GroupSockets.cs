using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Groups;

/// <summary>
/// The listening sockets that a group's fcgi-programs share, one for each address: made for the first process that starts, closed after
/// the last one has ended (SPN-040..043).
/// </summary>
internal sealed class GroupSockets(IFcgiSockets sockets, IActivityLog log)
{
    private readonly Dictionary<string, Shared> _open = new(StringComparer.Ordinal);

    /// <summary>Opens and closes each address once, so that a mistake shows when the group is made (SPN-042). It is logged.</summary>
    public void Check(GroupConfig group)
    {
        foreach (var socket in group.Processes.Select(p => p.Socket).OfType<FcgiSocketConfig>().DistinctBy(s => s.Url))
        {
            log.Info($"Creating socket {socket.Url}");
            try
            {
                var descriptor = sockets.Open(socket);
                log.Info($"Closing socket {socket.Url}");
                sockets.Close(descriptor);
            }
            catch (FcgiSocketException e)
            {
                log.Error(Describe(socket, e));
            }
        }
    }

    public int Acquire(ManagedProcess user, FcgiSocketConfig config)
    {
        if (!_open.TryGetValue(config.Url, out var shared))
        {
            log.Info($"Creating socket {config.Url}");
            // Noted first: what fails after this is undone by the release.
            _open.Add(config.Url, shared = new Shared());
        }

        shared.Users.Add(user);
        try
        {
            return shared.Descriptor ??= sockets.Open(config);
        }
        catch
        {
            Forget(user, config, shared);
            throw;
        }
    }

    /// <summary>The text of the log, and of <c>spawnerr</c>.</summary>
    public static string Describe(FcgiSocketConfig config, FcgiSocketException e) => $"Could not create FastCGI socket {config.Url}: {e.Message}";

    public void Release(ManagedProcess user)
    {
        if (user.Config.Socket is not { } config || !_open.TryGetValue(config.Url, out var shared))
        {
            return;
        }

        Forget(user, config, shared);
    }

    private void Forget(ManagedProcess user, FcgiSocketConfig config, Shared shared)
    {
        shared.Users.Remove(user);
        if (shared.Users.Count > 0)
        {
            return;
        }

        _open.Remove(config.Url);
        if (shared.Descriptor is { } descriptor)
        {
            log.Info($"Closing socket {config.Url}");
            sockets.Close(descriptor);
        }
    }

    private sealed class Shared
    {
        /// <summary>Null while it is being opened.</summary>
        public int? Descriptor { get; set; }

        public HashSet<ManagedProcess> Users { get; } = [];
    }
}
