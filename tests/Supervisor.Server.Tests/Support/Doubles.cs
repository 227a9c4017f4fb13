using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Tests.Support;

/// <summary>A loop that runs everything at once, where it is asked.</summary>
internal sealed class ImmediateLoop(ISupervisor supervisor) : ISupervisorLoop
{
    public Task<T> InvokeAsync<T>(Func<ISupervisor, T> operation) => Run(operation);

    public Task<T> QueryAsync<T>(Func<ISupervisor, T> operation) => Run(operation);

    public Task<T> PublishAsync<T>(Func<ISupervisor, T> operation) => Run(operation);

    private Task<T> Run<T>(Func<ISupervisor, T> operation)
    {
        try
        {
            lock (supervisor)
            {
                return Task.FromResult(operation(supervisor));
            }
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}

internal sealed class SilentRpcLog : IRpcLog
{
    public void Called(string method)
    {
    }

    public void Returned(string method)
    {
    }

    public void Fault(string method, int code, string text)
    {
    }

    public void Invalid(ReadOnlyMemory<byte> body, string why)
    {
    }

    public void Unexpected(ReadOnlyMemory<byte> body, Exception exception)
    {
    }
}

/// <summary>Figures by pid.</summary>
internal sealed class FakeUsage : IProcessUsage
{
    public Dictionary<int, ProcessUsage> Known { get; } = [];

    public ProcessUsage? Read(int pid) => Known.TryGetValue(pid, out var usage) ? usage : null;
}

/// <summary>A client that reads: what was sent, as text, and what waits for a piece of it.</summary>
internal sealed class FakeClient
{
    private readonly Lock _gate = new();
    private readonly List<(string Text, int Times, TaskCompletionSource Found)> _waiting = [];
    private string _received = "";

    /// <summary>While it is set, the client does not read.</summary>
    public TaskCompletionSource? Stuck { get; set; }

    public string Received
    {
        get
        {
            lock (_gate)
            {
                return _received;
            }
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> data)
    {
        lock (_gate)
        {
            _received += System.Text.Encoding.UTF8.GetString(data.Span);
            foreach (var (text, times, found) in _waiting)
            {
                if (Count(text) >= times)
                {
                    found.TrySetResult();
                }
            }
        }

        if (Stuck is { } stuck)
        {
            await stuck.Task;
        }
    }

    public Task UntilAsync(string text, int times = 1)
    {
        lock (_gate)
        {
            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Count(text) >= times)
            {
                found.SetResult();
            }

            _waiting.Add((text, times, found));
            return found.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public int Count(string text)
    {
        lock (_gate)
        {
            return _received.Split(text).Length - 1;
        }
    }
}
