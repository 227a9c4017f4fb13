using System.Globalization;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Protocol;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners.Tests.Support;

/// <summary>A daemon with the processes of the test, and a machine that notes what was asked of it.</summary>
internal sealed class FakeWorld : IListenerWorld
{
    public List<ProcessInfo> Processes { get; } = [];

    public Dictionary<int, long> Memory { get; } = [];

    public string Told { get; private set; } = "";

    /// <summary>Commands that ran, with their input.</summary>
    public List<(string Command, string Input)> Ran { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Calls such as <c>stop web</c> that fault.</summary>
    public HashSet<string> Refused { get; } = [];

    public (int? Status, string Reason, string Body) Answer { get; set; } = (200, "OK", "");

    public List<(Uri Url, TimeSpan Timeout)> Asked { get; } = [];

    public bool CountedChildren { get; private set; }

    public DateTimeOffset Now => new(2026, 11, 3, 4, 5, 6, TimeSpan.Zero);

    public void Tell(string text) => Told += text;

    public string Run(string command, string input)
    {
        Ran.Add((command, input));
        return "(output)";
    }

    public IReadOnlyList<ProcessInfo> GetAllProcessInfo() => Processes;

    public ProcessInfo GetProcessInfo(string name) => Processes.Single(p => $"{p.Group}:{p.Name}" == name);

    public void StopProcess(string name) => Call("stop " + name);

    public void StartProcess(string name) => Call("start " + name);

    public long? ResidentBytes(int pid, bool withChildren)
    {
        CountedChildren = withChildren;
        return Memory.TryGetValue(pid, out var bytes) ? bytes : null;
    }

    public (int? Status, string Reason, string Body) Get(Uri url, TimeSpan timeout)
    {
        Asked.Add((url, timeout));
        return Answer;
    }

    public FakeWorld With(string group, string name, int pid, int state = 20, long memory = 0, int uptime = 60)
    {
        Processes.Add(new ProcessInfo(name, group, 1000, 0, 1000 + uptime, state, "", "", 0, "", "", "", pid, ""));
        Memory[pid] = memory;
        return this;
    }

    public static ListenerEvent Event(string name, string payload = "") =>
        new(ListenerEvent.Tokens(string.Create(CultureInfo.InvariantCulture, $"ver:3.0 eventname:{name} len:{payload.Length}")), payload);

    private void Call(string call)
    {
        Calls.Add(call);
        if (Refused.Contains(call))
        {
            throw new RpcFaultException(10, "BAD_NAME: x");
        }
    }
}
