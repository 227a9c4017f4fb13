using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Tests.Shell;

public sealed class LineEditorTests
{
    private readonly History history = new();

    [Theory]
    [InlineData("abc\r", "abc")]
    [InlineData("bc\u0001a\r", "abc")]
    [InlineData("abx\bc\r", "abc")]
    [InlineData("x\u0015abc\r", "abc")]
    [InlineData("abc xyz\u0017\u0017\u0019\r", "abc ")]
    [InlineData("xabc\u0001\u0004\r", "abc")]
    [InlineData("acb\u0002\u0002\u000b\u0019\r", "acb")]
    public void Keys_Edit_TheLine(string keys, string line) => Assert.Equal(line, Type(keys));

    [Fact]
    public void ControlD_EmptyLine_IsTheEnd_CTL020() => Assert.Null(Type("\u0004"));

    [Fact]
    public void ControlC_Interrupts_CTL020() => Assert.Throws<InterruptedException>(() => Type("abc\u0003"));

    [Fact]
    public void History_RecallsAndReturns()
    {
        Type("one\r");
        Type("two\r");
        Type("two\r");

        Assert.Equal(["one", "two"], history.Lines);
        Assert.Equal("one", Type("\u0010\u0010\r"));
        Assert.Equal("draft", Type("draft\u0010\u000e\r"));
    }

    [Theory]
    [InlineData("\u0012atu\r", "status all")]
    [InlineData("\u0012stat\u0012\r", "status one")]
    [InlineData("\u0012stat\u0012\u0012\u0012\r", "status one")]
    [InlineData("\u0012allx\b\r", "status all")]
    [InlineData("\u0012stop\u0005 b\r", "stop a b")]
    [InlineData("draft\u0012stop\u0007\r", "draft")]
    [InlineData("draft\u0012zzz\r", "draft")]
    [InlineData("\u0012sto\u0001re\r", "restop a")]
    public void ControlR_SearchesBackwards(string keys, string line)
    {
        foreach (var earlier in new[] { "status one", "stop a", "status all", "version" })
        {
            history.Add(earlier);
        }

        Assert.Equal(line, Type(keys));
    }

    [Fact]
    public void ControlR_ControlC_Interrupts() => Assert.Throws<InterruptedException>(() => Type("\u0012a\u0003"));

    [Theory]
    [InlineData("ba\u0014\r", "ab")]
    [InlineData("a\u0014\r", "a")]
    public void ControlT_SwapsLetters(string keys, string line) => Assert.Equal(line, Type(keys));

    [Theory]
    [InlineData("sto\t\r", "stop ")]
    [InlineData("start c\t\r", "start cat ")]
    [InlineData("start g:\t\r", "start g:")]
    [InlineData("update g\t\r", "update g ")]
    [InlineData("version x\t\r", "version x")]
    [InlineData("re\t\r", "re")]
    public void Tab_Completes_CTL022(string keys, string line) => Assert.Equal(line, Type(keys));

    [Fact]
    public void Completion_Processes_AreAskedOnceUntilForgotten_CTL022()
    {
        var asked = 0;
        var completion = new Completion(() =>
        {
            asked++;
            return [Process("g", "a"), Process("g", "b"), Process("x", "x")];
        });

        Assert.Equal(["g:a", "g:*", "g:b", "x"], completion.Complete("stop ", ""));
        Assert.Equal(["x:x", "x:*"], completion.Complete("stop x:", "x:"));
        Assert.Equal(1, asked);
        completion.Forget();
        completion.Complete("stop ", "");
        Assert.Equal(2, asked);
    }

    private string? Type(string keys)
    {
        var queue = new Queue<char>(keys);
        var completion = new Completion(() => [Process("cat", "cat"), Process("g", "a"), Process("g", "b")]);
        ConsoleKeyInfo Next()
        {
            var c = queue.Dequeue();
            var key = c switch
            {
                '\r' => ConsoleKey.Enter,
                '\t' => ConsoleKey.Tab,
                '\b' => ConsoleKey.Backspace,
                _ => ConsoleKey.None,
            };
            return new ConsoleKeyInfo(c, key, false, false, false);
        }

        return new LineEditor(Next, () => 80, new CtlOutput(Stream.Null), history, () => completion).ReadLine("> ");
    }

    private static ProcessInfo Process(string group, string name) => new(name, group, 0, 0, 0, 20, "RUNNING", "", 0, "", "", "", 1, "");
}
