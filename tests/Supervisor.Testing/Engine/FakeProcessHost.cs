using Supervisor.Core.Ports;

namespace Supervisor.Testing.Engine;

/// <summary>Children that exist on paper: the test says when and how they end.</summary>
public sealed class FakeProcessHost : IProcessHost
{
    private readonly Queue<ReapedChild> _ended = new();
    private int _nextPid = 100;

    public List<SpawnRequest> Spawned { get; } = [];

    public List<(int Pid, int Signal)> Signals { get; } = [];

    /// <summary>Answers of the coming spawns; a success when empty.</summary>
    public Queue<SpawnResult> Answers { get; } = new();

    /// <summary>The error number that a call of this name (<c>spawn</c>, <c>kill</c>, <c>reap</c>, <c>read</c>, <c>write</c>) fails with now; 0 for none.</summary>
    public Func<string, int> Fault { get; set; } = _ => 0;

    /// <summary>Called with the name of each call before it does anything, or after it when it releases something; may throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Error number of the coming kills.</summary>
    public int KillErrno { get; set; }

    /// <summary>Whether a signal ends the child at once, with the status a shell would see.</summary>
    public bool Obedient { get; set; } = true;

    public Dictionary<int, (FakePipe? Stdin, FakePipe Stdout, FakePipe? Stderr)> Pipes { get; } = [];

    public int LastPid => _nextPid - 1;

    public SpawnResult Spawn(SpawnRequest request)
    {
        Before("host.spawn");
        Spawned.Add(request);
        if (Answers.TryDequeue(out var answer) && answer.Stage != SpawnStage.Started)
        {
            return answer;
        }

        if (Fault("spawn") is var errno and not 0)
        {
            return new SpawnResult { Stage = errno is Posix.EMFILE or Posix.ENFILE ? SpawnStage.Pipes : SpawnStage.Fork, Errno = errno };
        }

        var pid = _nextPid++;
        var pipes = (request.StdinSocket is null ? Pipe(pid * 10) : null, Pipe(pid * 10 + 1),
            request.RedirectStderr ? null : Pipe(pid * 10 + 2));
        Pipes[pid] = pipes;
        return new SpawnResult { Stage = SpawnStage.Started, Pid = pid, Stdin = pipes.Item1, Stdout = pipes.Item2, Stderr = pipes.Item3 };
    }

    public int Kill(int pid, int signal)
    {
        Before("host.kill");
        Signals.Add((pid, signal));
        if (Fault("kill") is var errno and not 0)
        {
            return errno;
        }

        if (KillErrno == 0 && Obedient && signal is 15 or 9)
        {
            Die(Math.Abs(pid), signal);
        }

        return KillErrno;
    }

    public bool TryReap(out ReapedChild child)
    {
        Before("host.reap");
        return Fault("reap") is var errno and not 0 ? throw new PosixException(errno) : _ended.TryDequeue(out child);
    }

    private FakePipe Pipe(int descriptor) => new(descriptor) { Fault = call => Fault(call), Before = call => Before(call) };

    public void Exit(int pid, int code) => _ended.Enqueue(new ReapedChild(pid, code << 8));

    public void Die(int pid, int signal) => _ended.Enqueue(new ReapedChild(pid, signal));
}

/// <summary>One end of a pipe: what the test puts in is read, what is written is kept.</summary>
public sealed class FakePipe(int descriptor) : IPipe
{
    private readonly Queue<byte[]> _incoming = new();

    public int Descriptor => descriptor;

    public List<byte> Written { get; } = [];

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; init; } = _ => { };

    /// <summary>As in <see cref="FakeProcessHost.Fault"/>.</summary>
    public Func<string, int> Fault { get; init; } = _ => 0;

    /// <summary>Bytes the pipe still takes; then EAGAIN.</summary>
    public int Room { get; set; } = int.MaxValue;

    public bool Broken { get; set; }

    public bool Closed { get; private set; }

    public bool AtEnd { get; set; }

    public string WrittenText => System.Text.Encoding.UTF8.GetString([.. Written]);

    public void Put(string text) => Put(System.Text.Encoding.UTF8.GetBytes(text));

    public void Put(byte[] data) => _incoming.Enqueue(data);

    public int Read(Span<byte> buffer)
    {
        Before("pipe.read");
        if (Fault("read") is var errno and not 0)
        {
            return -errno;
        }

        if (_incoming.TryDequeue(out var chunk))
        {
            chunk.CopyTo(buffer);
            return chunk.Length;
        }

        return AtEnd ? 0 : -Posix.EAGAIN;
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        Before("pipe.write");
        if (Fault("write") is var errno and not 0)
        {
            return -errno;
        }

        if (Broken)
        {
            return -Posix.EPIPE;
        }

        var count = Math.Min(Room, data.Length);
        if (count == 0 && data.Length > 0)
        {
            return -Posix.EAGAIN;
        }

        Written.AddRange(data[..count]);
        Room -= count;
        return count;
    }

    public void Dispose()
    {
        Closed = true;
        Before("pipe.close");
    }
}
