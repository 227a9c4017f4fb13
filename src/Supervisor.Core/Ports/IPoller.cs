namespace Supervisor.Core.Ports;

/// <summary>Readiness of descriptors; handlers run on the loop thread inside the wait.</summary>
public interface IPoller
{
    /// <summary>Begins to watch, or changes what is watched for. <see cref="PollInterest.None"/> keeps it known but silent.</summary>
    void Watch(int descriptor, PollInterest interest, IPollHandler handler);

    void Unwatch(int descriptor);
}

[Flags]
public enum PollInterest
{
    None = 0,
    Read = 1,
    Write = 2,
}

public interface IPollHandler
{
    /// <summary>Data, end of file or an error is waiting.</summary>
    void OnReadable();

    void OnWritable();
}
