using System.Globalization;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Api;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;
using Supervisor.Server.Tail;
using Supervisor.Server.Web;

namespace Supervisor.Server.Live;

/// <summary>The streams: <c>events</c> with what happens to processes, <c>log</c> with what is written.</summary>
internal sealed class LiveHandler(IRpcDispatcher rpc, ISupervisorLoop loop, LogFiles logs, IProcessUsage usage)
{
    /// <summary>Streams open at one time; each costs a connection and a queue.</summary>
    private const int MostStreams = 64;

    private const long DefaultTail = 16 * 1024;
    private const long LargestTail = 1024 * 1024;

    private static readonly EventType[] s_defaultTypes = [EventType.ProcessState, EventType.ProcessGroup, EventType.SupervisorStateChange];

    private readonly UsageMeter _meter = new(loop, usage, TimeProvider.System);
    private int _streams;

    /// <summary><c>events[?types=TYPE,TYPE][&amp;usage=1]</c></summary>
    public Reply Events(RequestHead request)
    {
        var form = new UrlForm(request.Query, "");
        var types = form["types"] is { } names ? [.. names.Split(',').Select(TypeNamed)] : s_defaultTypes;
        var meter = form["usage"] == "1" ? _meter : null;
        var calls = rpc.Methods.FirstOrDefault(m => m.Name.EndsWith(".startProcess", StringComparison.Ordinal))?.Name.Split('.')[0];
        return Stream((write, ended) => new EventStream(loop, types, meter, calls).RunAsync(write, ended));
    }

    /// <summary><c>log[?name=NAME][&amp;channel=stdout|stderr][&amp;bytes=N][&amp;from=ID]</c>; without a name the activity log.</summary>
    public async Task<Reply> LogAsync(RequestHead request)
    {
        var form = new UrlForm(request.Query, "");
        var path = await PathAsync(form["name"], form["channel"] ?? "stdout");
        if (path is null || !await IsRegularAsync(path))
        {
            throw new RpcFaultException(FaultCode.NoFile, path);
        }

        var tail = long.TryParse(form["bytes"], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? Math.Min(bytes, LargestTail)
            : DefaultTail;
        var from = LogPosition.Parse(request["Last-Event-ID"] ?? form["from"]);
        return Stream((write, ended) => new LogStream(logs, path, tail, from).RunAsync(write, ended));
    }

    private async Task<bool> IsRegularAsync(string path)
    {
        try
        {
            return await logs.RunAsync(files => files.Stat(path) is { IsRegular: true });
        }
        catch (PosixException)
        {
            throw new RpcFaultException(FaultCode.Failed, path);
        }
    }

    private Task<string?> PathAsync(string? name, string channel)
    {
        if (name is null)
        {
            return loop.QueryAsync<string?>(s => s.ActivityLogPath);
        }

        var spec = Namespec.Parse(name);
        return loop.QueryAsync(s =>
        {
            var process = (spec.Process is null ? null : s.FindGroup(spec.Group)?.Find(spec.Process))
                ?? throw new RpcFaultException(FaultCode.BadName, name);
            return channel switch
            {
                "stdout" => process.StdoutLogPath,
                "stderr" => process.StderrLogPath,
                _ => throw new RpcFaultException(FaultCode.IncorrectParameters, "channel must be stdout or stderr"),
            };
        });
    }

    private Reply Stream(Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task> stream) => Volatile.Read(ref _streams) >= MostStreams
        ? ApiReplies.Error(503, $"there are {MostStreams} streams already").Set("Retry-After", "10")
        : ApiReplies.Events(async (write, ended) =>
        {
            try
            {
                // Several may have come at once.
                if (Interlocked.Increment(ref _streams) <= MostStreams)
                {
                    await stream(new TimedWriter(write).WriteAsync, ended);
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                // The daemon ends, or the client has gone.
            }
            finally
            {
                Interlocked.Decrement(ref _streams);
            }
        });

    private static EventType TypeNamed(string name) =>
        EventTypes.Find(name) ?? throw new RpcFaultException(FaultCode.IncorrectParameters, $"no such event type: {name}");
}
