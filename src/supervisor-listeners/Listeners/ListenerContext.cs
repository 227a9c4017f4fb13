using System.Globalization;
using Supervisor.Listeners.Delivery;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners.Listeners;

/// <summary>What a listener needs of the world.</summary>
internal interface IListenerWorld
{
    /// <summary>One line, or several, for whoever reads the listener's stderr log.</summary>
    void Tell(string text);

    /// <summary>Runs a command line by the shell with this input; returns its output.</summary>
    string Run(string command, string input);

    DateTimeOffset Now { get; }

    IReadOnlyList<ProcessInfo> GetAllProcessInfo();

    ProcessInfo GetProcessInfo(string name);

    /// <exception cref="RpcFaultException">The daemon refuses.</exception>
    void StopProcess(string name);

    /// <exception cref="RpcFaultException">The daemon refuses.</exception>
    void StartProcess(string name);

    /// <summary>Resident memory in bytes, with all descendants if asked; null if there is no such process.</summary>
    long? ResidentBytes(int pid, bool withChildren);

    /// <summary>GETs a URL without following redirections.</summary>
    /// <returns>Status, reason and body; status null with the reason when there was no answer.</returns>
    (int? Status, string Reason, string Body) Get(Uri url, TimeSpan timeout);
}

/// <summary>One of the listeners in the box.</summary>
internal interface IEventListener
{
    /// <summary>Acts on an event; the caller answers OK afterwards.</summary>
    void Handle(Protocol.ListenerEvent item);
}

internal static class ListenerTexts
{
    /// <summary>C's asctime.</summary>
    public static string AscTime(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:ddd MMM} {time.Day,2} {time:HH:mm:ss yyyy}");

    /// <summary>How supervisorctl writes a process: without its group where the two are called the same.</summary>
    public static string Namespec(ProcessInfo process) => process.Group == process.Name ? process.Name : $"{process.Group}:{process.Name}";

    public static Mailer MailerOf(this IListenerWorld world, string command, string? address) =>
        new((line, input) => world.Run(line, input), command, address);
}
