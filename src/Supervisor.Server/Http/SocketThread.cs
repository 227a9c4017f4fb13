namespace Supervisor.Server.Http;

/// <summary>
/// One thread of the runtime waits for all sockets. It also runs what waited, instead of passing it to a pool thread: most requests are
/// answered in less time than that takes, and the pool's threads need not exist. What a call waits for goes on elsewhere.
/// </summary>
internal static class SocketThread
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Before the first socket: the runtime reads these then, and offers no other way. It changes the runtime's own copy of the environment;
    /// the programs get what the daemon was started with.
    /// </summary>
    public static void Prepare()
    {
        Default(Inline);
        Default(Threads);
    }

    private static void Default(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, "1");
        }
    }
}
