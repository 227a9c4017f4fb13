using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Memory and CPU time from /proc. Without it, or where others' processes are hidden, nothing is known.</summary>
public sealed class ProcUsage(string root = "/proc") : IProcessUsage
{
    // A program that spawns without end must not make its watchers read without end.
    private const int MostProcesses = 256;

    // Every Linux tells user space this; the kernel's own rate is another.
    private const int TicksPerSecond = 100;

    // Fields of stat(5) after the command's closing parenthesis.
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int ChildrenUserTime = 13;
    private const int ChildrenSystemTime = 14;
    private const int ResidentPages = 21;

    public ProcessUsage? Read(int pid)
    {
        if (One(pid) is not { } total)
        {
            return null;
        }

        var waiting = new Queue<int>(Children(pid));
        for (var seen = 1; seen < MostProcesses && waiting.TryDequeue(out var child); seen++)
        {
            if (One(child) is { } usage)
            {
                total = new ProcessUsage(total.ResidentBytes + usage.ResidentBytes, total.CpuTime + usage.CpuTime);
                foreach (var grandchild in Children(child))
                {
                    waiting.Enqueue(grandchild);
                }
            }
        }

        return total;
    }

    private ProcessUsage? One(int pid)
    {
        if (Text($"{root}/{pid}/stat") is not { } text)
        {
            return null;
        }

        // The command may contain anything, blanks and parentheses too.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= ResidentPages)
        {
            return null;
        }

        long Field(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
        var ticks = Field(UserTime) + Field(SystemTime) + Field(ChildrenUserTime) + Field(ChildrenSystemTime);
        return new ProcessUsage(Field(ResidentPages) * Environment.SystemPageSize, TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond)));
    }

    // Of the main thread only: others that fork are rare, and their children are counted once they have ended.
    private IEnumerable<int> Children(int pid) =>
        (Text($"{root}/{pid}/task/{pid}/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => int.Parse(p, CultureInfo.InvariantCulture));

    private static string? Text(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(WholeFile.Read(path));
        }
        catch (PosixException)
        {
            return null;
        }
    }
}
