using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Tail;

/// <summary><c>/logtail/NAME[/CHANNEL]</c> and <c>/mainlogtail</c> (HTTP-040..045).</summary>
internal sealed class LogTailHandler(ISupervisorLoop loop, LogFiles logs)
{
    public async Task<Reply> ProcessLogAsync(RequestHead request)
    {
        var path = Uri.UnescapeDataString(request.Path).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            // No name at all breaks upstream's handler (HTTP-042).
            return Reply.Error(500);
        }

        var name = path[(slash + 1)..];
        var channel = "stdout";
        var next = name.IndexOf('/', StringComparison.Ordinal);
        if (next >= 0)
        {
            (name, channel) = (name[..next], name[(next + 1)..]);
        }

        var spec = Namespec.Parse(name);
        var log = await loop.QueryAsync(s =>
        {
            var process = spec.Process is null ? null : s.FindGroup(spec.Group)?.Find(spec.Process);
            return channel switch
            {
                "stdout" => process?.StdoutLogPath,
                "stderr" => process?.StderrLogPath,
                _ => null,
            };
        });
        return (await FollowAsync(log))?.Set("X-Accel-Buffering", "no") ?? Reply.Error(404);
    }

    public async Task<Reply> MainLogAsync() => await FollowAsync(await loop.QueryAsync(s => s.ActivityLogPath)) ?? Reply.Error(404);

    private async Task<Reply?> FollowAsync(string? path)
    {
        if (path is null || await FindAsync(path) is not { } status)
        {
            return null;
        }

        var modified = DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).UtcDateTime;
        return Reply.Streaming((write, ended) => new LogFollower(logs, path).RunAsync(write, ended))
            .Set("Last-Modified", modified.ToString("R", System.Globalization.CultureInfo.InvariantCulture))
            .Set("Content-Type", "text/plain;charset=utf-8");
    }

    // Opened, so that a log that cannot be read is answered as one that is not there.
    private async Task<FileStatus?> FindAsync(string path)
    {
        try
        {
            return await logs.RunAsync<FileStatus?>(files =>
            {
                using var file = files.OpenRead(path);
                return file.Status;
            });
        }
        catch (PosixException)
        {
            return null;
        }
    }
}
