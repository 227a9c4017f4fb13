using System.Runtime.CompilerServices;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>Whoever awaits this goes on on the home thread, after everything that is ready there now.</summary>
internal readonly struct NextTurn(IHomeThread home) : INotifyCompletion
{
    public bool IsCompleted => false;

    public NextTurn GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => home.Post(continuation);
}
