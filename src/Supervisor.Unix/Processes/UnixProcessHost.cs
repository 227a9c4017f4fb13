using System.Runtime.InteropServices;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Children by fork or vfork and the native child stage (docs/adr/0017). Order as the child sees it: descriptors, session or process group, user,
/// directory, umask, exec (SPN-024). Nothing of the daemon changes its identity, and nothing here waits for a child of another
/// user.
/// </summary>
public sealed class UnixProcessHost(UserDatabase users) : IProcessHost, IDisposable
{
    private const int SignalKill = 9;

    // Beyond the last error number of Linux.
    private const int ErrorNumbers = 134;

    private readonly UserDatabase _users = users;

    // A child cannot look names up.
    private readonly NativeStrings _errorNames = NativeStrings.Of(Enumerable.Range(0, ErrorNumbers).Select(Posix.NameOf));

    public void Dispose() => _errorNames.Dispose();

    public SpawnResult Spawn(SpawnRequest request)
    {
        PipePair? stdin = null, stdout = null, stderr = null;
        var pid = 0;
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

            var failure = Launch(request, stdin?.ChildEnd ?? request.StdinSocket!.Value, stdout.ChildEnd, stderr?.ChildEnd ?? stdout.ChildEnd, out pid);
            return failure ?? new SpawnResult
            {
                Stage = SpawnStage.Started,
                Pid = pid,
                Stdin = stdin?.TakeDaemonEnd(),
                Stdout = stdout.TakeDaemonEnd(),
                Stderr = stderr?.TakeDaemonEnd(),
            };
        }
        catch (Exception e) when (e is OutOfMemoryException or PosixException)
        {
            if (pid != 0)
            {
                // Nobody would ever know of this child.
                _ = Libc.kill(pid, SignalKill);
            }

            // Memory for the pipes, the arguments or the environment: what fork would have said.
            return Failure(SpawnStage.Fork, (e as PosixException)?.Errno ?? Posix.ENOMEM);
        }
        finally
        {
            stdin?.Dispose();
            stdout?.Dispose();
            stderr?.Dispose();
        }
    }

    public int Kill(int pid, int signal)
    {
        var error = Send(pid, signal);
        // A child that has only just been forked has no group of its own yet, but it has the pid.
        return error == Posix.ESRCH && pid < -1 ? Send(-pid, signal) : error;
    }

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

    private static int Send(int pid, int signal) => Libc.kill(pid, signal) == 0 ? 0 : Libc.Errno;

    private SpawnResult? Launch(SpawnRequest request, int stdin, int stdout, int stderr, out int pid)
    {
        using var plan = new ChildPlan();
        PlaceDescriptors(plan, stdin, stdout, stderr);
        BecomeUser(plan, request.Uid);
        var result = Start(plan, request);
        pid = Math.Max(result, 0);
        return pid > 0 ? null : Failure(SpawnStage.Fork, -result);
    }

    private static void PlaceDescriptors(ChildPlan plan, int stdin, int stdout, int stderr)
    {
        plan.Add(ChildOperation.Place, stdin, 0);
        plan.Add(ChildOperation.Place, stdout, 1);
        plan.Add(ChildOperation.Place, stderr, 2);
        // The second number is for kernels without close_range(2), where everything of the daemon's is close-on-exec all the same.
        plan.Add(ChildOperation.CloseFrom, 3, Math.Min(ResourceLimits.OpenFiles, 65536));
    }

    private void BecomeUser(ChildPlan plan, int? uid)
    {
        if (uid is not { } wanted)
        {
            plan.Add(ChildOperation.NewGroup);
            return;
        }

        // The user database is read here: the child cannot, and the target may not be allowed to.
        var refusal = Privileges.Judge(wanted, _users, out var user);
        // A session of its own has no terminal, so nothing can be typed into the daemon's (TIOCSTI).
        plan.Add(user is null ? ChildOperation.NewGroup : ChildOperation.NewSession);
        var complaint = SpawnTexts.User(wanted);
        if (refusal is not null)
        {
            plan.AddFailure(complaint + refusal + "\n");
        }
        else if (user is not null)
        {
            plan.ChangesUser();
            var groups = _users.GroupsOf(user);
            plan.AddWithReason(
                ChildOperation.SetGroups, groups.Length, MemoryMarshal.AsBytes<uint>(groups), complaint + "Could not set groups of effective user\n");
            plan.AddWithReason(ChildOperation.SetGid, user.Gid, [], complaint + "Could not set group id of effective user\n");
            plan.Add(ChildOperation.DropAmbient);
            plan.Add(ChildOperation.SetUid, user.Uid, complaint: complaint);
        }
    }

    private int Start(ChildPlan plan, SpawnRequest request)
    {
        var execComplaint = SpawnTexts.Program(request.Arguments[0]);
        if (!TryEncode(request, plan, out var path, out var arguments, out var environment))
        {
            plan.AddFailure(execComplaint + Posix.NameOf(Posix.EINVAL) + "\n");
        }

        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment);
        return plan.Start(path, argv, envp, _errorNames, execComplaint);
    }

    // False for a text with a zero inside, which no C string can hold.
    private static bool TryEncode(SpawnRequest request, ChildPlan plan, out byte[] path, out List<byte[]> arguments, out List<byte[]> environment)
    {
        try
        {
            if (request.Directory is { } directory)
            {
                plan.Add(ChildOperation.ChangeDirectory, OsText.Encode(directory), SpawnTexts.Directory(directory));
            }

            if (request.Umask is { } umask)
            {
                plan.Add(ChildOperation.SetUmask, umask);
            }

            path = OsText.Encode(request.FileName);
            arguments = [.. request.Arguments.Select(OsText.Encode)];
            environment = [.. request.Environment.Select(pair => OsText.Encode(pair.Key + "=" + pair.Value))];
            return true;
        }
        catch (PosixException e) when (e.Errno == Posix.EINVAL)
        {
            path = [0];
            arguments = environment = [];
            return false;
        }
    }

    private static SpawnResult Failure(SpawnStage stage, int error) => new() { Stage = stage, Errno = error };
}
