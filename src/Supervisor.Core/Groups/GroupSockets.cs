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

    /// <summary>Opens and closes each address once, so that a mistake shows when the group is made (SPN-042).</summary>
    public void Check(GroupConfig group)
    {
        foreach (var socket in group.Processes.Select(p => p.Socket).OfType<FcgiSocketConfig>().DistinctBy(s => s.Url))
        {
            log.Info($"Creating socket {socket.Url}");
            var descriptor = sockets.Open(socket);
            log.Info($"Closing socket {socket.Url}");
            sockets.Close(descriptor);
        }
    }

    public int Acquire(ManagedProcess user, FcgiSocketConfig config)
    {
        if (!_open.TryGetValue(config.Url, out var shared))
        {
            log.Info($"Creating socket {config.Url}");
            shared = new Shared(sockets.Open(config));
            _open[config.Url] = shared;
        }

        shared.Users.Add(user);
        return shared.Descriptor;
    }

    public void Release(ManagedProcess user)
    {
        if (user.Config.Socket is not { } config || !_open.TryGetValue(config.Url, out var shared))
        {
            return;
        }

        shared.Users.Remove(user);
        if (shared.Users.Count == 0)
        {
            _open.Remove(config.Url);
            log.Info($"Closing socket {config.Url}");
            sockets.Close(shared.Descriptor);
        }
    }

    private sealed class Shared(int descriptor)
    {
        public int Descriptor => descriptor;

        public HashSet<ManagedProcess> Users { get; } = [];
    }
}
