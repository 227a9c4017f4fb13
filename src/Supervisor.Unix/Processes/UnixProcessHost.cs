using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Children by posix_spawn(3) (design: fork is no option for managed code). Order as the child sees it: process group, descriptors, user,
/// directory, exec (SPN-024). Loop thread only: identity and umask are swapped around the call.
/// </summary>
public sealed unsafe class UnixProcessHost : IProcessHost
{
    private readonly UserDatabase _users;

    public UnixProcessHost(UserDatabase users)
    {
        _users = users;
    }

    public SpawnResult Spawn(SpawnRequest request)
    {
        PipePair? stdin = null, stdout = null, stderr = null;
        try
        {
            try
            {
                stdin = request.StdinSocket is null ? new PipePair(daemonReads: false) : null;
                stdout = new PipePair(daemonReads: true);
                stderr = request.RedirectStderr ? null : new PipePair(daemonReads: true);
            }
            catch (PosixException e)
            {
                return Failure(SpawnStage.Pipes, e.Errno);
            }

            var failure = Launch(request, stdin?.ChildEnd ?? request.StdinSocket!.Value, stdout.ChildEnd, stderr?.ChildEnd ?? stdout.ChildEnd, out var pid);
            return failure ?? new SpawnResult
            {
                Stage = SpawnStage.Started,
                Pid = pid,
                Stdin = stdin?.TakeDaemonEnd(),
                Stdout = stdout.TakeDaemonEnd(),
                Stderr = stderr?.TakeDaemonEnd(),
            };
        }
        finally
        {
            stdin?.Dispose();
            stdout?.Dispose();
            stderr?.Dispose();
        }
    }

    public int Kill(int pid, int signal) => Libc.kill(pid, signal) == 0 ? 0 : Libc.Errno;

    /// <summary>Throws <see cref="PosixException"/> for what waitpid(2) should never say (DMN-055).</summary>
    public bool TryReap(out ReapedChild child)
    {
        while (true)
        {
            var pid = Libc.waitpid(-1, out var status, Libc.WNOHANG);
            if (pid > 0)
            {
                child = new ReapedChild(pid, status);
                return true;
            }

            if (pid == 0 || Libc.Errno == Posix.ECHILD)
            {
                child = default;
                return false;
            }

            if (Libc.Errno != Posix.EINTR)
            {
                throw new PosixException(Libc.Errno);
            }
        }
    }

    private SpawnResult? Launch(SpawnRequest request, int stdin, int stdout, int stderr, out int pid)
    {
        pid = 0;
        // The rows of the user database are read before the identity changes: the target may not be allowed to read them.
        UserEntry? user = null;
        if (request.Uid is { } uid)
        {
            var refusal = Privileges.Judge(uid, _users, out user);
            if (refusal is not null)
            {
                return Failure(SpawnStage.User, Posix.EPERM, refusal);
            }
        }

        NativeStrings? arguments = null, environment = null;
        try
        {
            byte[] path;
            byte[]? directory;
            try
            {
                path = OsText.Encode(request.FileName);
                directory = request.Directory is null ? null : OsText.Encode(request.Directory);
                arguments = NativeStrings.Of(request.Arguments);
                environment = NativeStrings.Of(request.Environment.Select(pair => pair.Key + "=" + pair.Value));
            }
            catch (PosixException e)
            {
                return Failure(SpawnStage.Exec, e.Errno);
            }

            using var plan = new SpawnPlan(ownGroup: true);
            plan.Place(stdin, 0);
            plan.Place(stdout, 1);
            plan.Place(stderr, 2);
            plan.CloseFrom(3);
            if (directory is not null)
            {
                plan.ChangeDirectory(directory);
            }

            return user is null
                ? Run(plan, path, directory, arguments, environment, request.Umask, out pid)
                : RunAs(user, plan, path, directory, arguments, environment, request.Umask, out pid);
        }
        catch (PosixException e)
        {
            // Out of memory for the plan: what fork would have said.
            return Failure(SpawnStage.Fork, e.Errno);
        }
        finally
        {
            arguments?.Dispose();
            environment?.Dispose();
        }
    }

    private SpawnResult? RunAs(
        UserEntry user, SpawnPlan plan, byte[] path, byte[]? directory, NativeStrings arguments, NativeStrings environment, int? umask, out int pid)
    {
        pid = 0;
        var groups = _users.GroupsOf(user);
        var refusal = ThreadIdentity.Take(user, groups, out var identity);
        if (refusal is not null)
        {
            return Failure(SpawnStage.User, Posix.EPERM, refusal);
        }

        try
        {
            return Run(plan, path, directory, arguments, environment, umask, out pid);
        }
        finally
        {
            identity.Restore();
        }
    }

    private static SpawnResult? Run(
        SpawnPlan plan, byte[] path, byte[]? directory, NativeStrings arguments, NativeStrings environment, int? umask, out int pid)
    {
        int error;
        if (umask is { } wanted)
        {
            var own = Libc.umask((uint)wanted);
            error = plan.Run(path, arguments.Pointer, environment.Pointer, out pid);
            _ = Libc.umask(own);
        }
        else
        {
            error = plan.Run(path, arguments.Pointer, environment.Pointer, out pid);
        }

        return error == 0 ? null : Explain(error, directory);
    }

    /// <summary>posix_spawn gives one number for whatever failed. Asked while the identity is still the child's.</summary>
    private static SpawnResult Explain(int error, byte[]? directory)
    {
        if (directory is not null && RefusalOf(directory) is var refusal and not 0)
        {
            return Failure(SpawnStage.Directory, refusal);
        }

        // execve has no EAGAIN but for the process limit, and both it and fork may lack memory.
        return Failure(error is Posix.EAGAIN or Posix.ENOMEM ? SpawnStage.Fork : SpawnStage.Exec, error);
    }

    private static int RefusalOf(byte[] directory)
    {
        // "dir/." exists and may be searched exactly when chdir(dir) works; an empty name must not become the root.
        if (directory.Length == 1)
        {
            return Posix.ENOENT;
        }

        byte[] inside = [.. directory.AsSpan(0, directory.Length - 1), (byte)'/', (byte)'.', 0];
        return Libc.access(inside, Libc.X_OK) == 0 ? 0 : Libc.Errno;
    }

    private static SpawnResult Failure(SpawnStage stage, int error, string? reason = null) =>
        new() { Stage = stage, Errno = error, Reason = reason };
}
