using Supervisor.Core.Ports;

namespace Supervisor.Unix.Tests.Processes;

public sealed class ProcUsageTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("proc").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Process_IsReadWithItsDescendants()
    {
        Make(10, "web (server) x", ticks: (100, 50, 20, 10), pages: 3, "11 12 ");
        Make(11, "a", ticks: (1, 0, 0, 0), pages: 1, "13 ");
        Make(12, "b", ticks: (0, 2, 0, 0), pages: 1, "");
        Make(13, "c", ticks: (0, 0, 3, 4), pages: 2, "");
        Assert.Equal(new ProcessUsage(7 * Environment.SystemPageSize, TimeSpan.FromSeconds(1.9)), new ProcUsage(_root).Read(10));
    }

    [Fact]
    public void Process_ThatIsGone_IsUnknown() => Assert.Null(new ProcUsage(_root).Read(10));

    [Fact]
    public void Descendants_ThatAreGoneOrHidden_DoNotCount()
    {
        Make(10, "a", ticks: (100, 0, 0, 0), pages: 1, "11 ");
        Assert.Equal(new ProcessUsage(Environment.SystemPageSize, TimeSpan.FromSeconds(1)), new ProcUsage(_root).Read(10));
    }

    [Fact]
    public void Processes_WithoutEnd_AreNotReadWithoutEnd()
    {
        Make(10, "a", ticks: (1, 0, 0, 0), pages: 1, "10 10 ");
        Assert.Equal(256 * Environment.SystemPageSize, new ProcUsage(_root).Read(10)!.Value.ResidentBytes);
    }

    [Fact]
    public void Kernel_TellsOfThisProcess()
    {
        var usage = new ProcUsage().Read(Environment.ProcessId);
        Assert.InRange(usage!.Value.ResidentBytes, 1_000_000, 100_000_000_000);
        Assert.True(usage.Value.CpuTime > TimeSpan.Zero);
    }

    private void Make(int pid, string command, (int User, int System, int ChildrenUser, int ChildrenSystem) ticks, int pages, string children)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, $"{pid}", "task", $"{pid}"));
        File.WriteAllText(Path.Combine(_root, $"{pid}", "stat"),
            $"{pid} ({command}) S 1 2 3 4 5 6 7 8 9 10 {ticks.User} {ticks.System} {ticks.ChildrenUser} {ticks.ChildrenSystem} 20 0 1 0 99 1000 {pages} 18446744073709551615\n");
        File.WriteAllText(Path.Combine(folder.FullName, "children"), children);
    }
}
