using System.Runtime.CompilerServices;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>Awaiting this continues on the event-loop thread, after everything that is ready there now.</summary>
internal readonly struct LoopYield(IEventLoopScheduler home) : INotifyCompletion
{
    public bool IsCompleted => false;

    public LoopYield GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => home.Post(continuation);
}
