using System.Reflection;
using System.Text;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Dispatch;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Api;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Rpc;

/// <summary>Answers are counted while they are made, and given back whatever becomes of them.</summary>
public class AnswerBudgetTests
{
    private readonly MemoryBudget _budget = new(50_000_000);

    private static RpcDispatcher Dispatcher(int characters)
    {
        var api = DispatchProxy.Create<ISupervisorApi, LongLog>();
        ((LongLog)api).Text = new string('x', characters);
        return new RpcDispatcher(api, ["supervisor"], new SilentRpcLog());
    }

    private static byte[] Calls(int count) => Encoding.UTF8.GetBytes(
        "<?xml version='1.0'?><methodCall><methodName>system.multicall</methodName><params><param><value><array><data>"
        + string.Concat(Enumerable.Repeat(
            "<value><struct><member><name>methodName</name><value><string>supervisor.readLog</string></value></member><member><name>params</name>"
            + "<value><array><data><value><int>0</int></value><value><int>0</int></value></data></array></value></member></struct></value>", count))
        + "</data></array></value></param></params></methodCall>");

    private void IsGivenBack()
    {
        Assert.True(_budget.TryTake(50_000_000));
        _budget.Return(50_000_000);
    }

    [Theory]
    [InlineData(4_000_000, 120)]
    [InlineData(4_000_000, 9)]
    [InlineData(60_000_000, 1)]
    public async Task Multicall_TooLongTogether_EndsWithOneFault(int characters, int count)
    {
        using (var lease = new AnswerLease(_budget))
        {
            var reply = await Dispatcher(characters).DispatchAsync(Calls(count), lease);
            var text = Encoding.UTF8.GetString(reply.Body.Span);
            Assert.Equal(200, reply.StatusCode);
            Assert.Contains("<fault>", text, StringComparison.Ordinal);
            Assert.Contains("FAILED: the answer is too long", text, StringComparison.Ordinal);
            Assert.True(_budget.TryTake(49_000_000));
            _budget.Return(49_000_000);
        }

        IsGivenBack();
    }

    [Fact]
    public async Task Answer_ThatFits_HoldsItsLengthTillItIsSent()
    {
        var lease = new AnswerLease(_budget);
        var reply = await Dispatcher(4_000_000).DispatchAsync(Calls(3), lease);
        Assert.InRange(reply.Body.Length, 12_000_000, 13_000_000);
        Assert.False(_budget.TryTake(50_000_000 - 11_000_000));
        Assert.True(_budget.TryTake(50_000_000 - 13_000_000));
        _budget.Return(50_000_000 - 13_000_000);
        lease.Dispose();
        lease.Dispose();
        IsGivenBack();
    }

    [Fact]
    public async Task Answer_NoRoomForTheDocument_IsAFault()
    {
        using var lease = new AnswerLease(_budget);
        var call = Encoding.UTF8.GetBytes(
            "<methodCall><methodName>supervisor.readLog</methodName><params><param><value><int>0</int></value></param><param><value><int>0</int></value></param></params></methodCall>");
        var reply = await Dispatcher(30_000_000).DispatchAsync(call, lease);
        Assert.Contains("<fault>", Encoding.UTF8.GetString(reply.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Lease_SmallAnswers_TakeNothing()
    {
        Assert.True(_budget.TryTake(50_000_000));
        using var lease = new AnswerLease(_budget);
        lease.Take(AnswerLease.Free);
        Assert.Throws<AnswerTooLongException>(() => lease.Take(1));
        Assert.Equal(AnswerLease.Free, lease.Size);
        lease.Dispose();
        Assert.False(_budget.TryTake(1));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("<")]
    [InlineData("\u00f6")]
    [InlineData("\ud83d\ude00")]
    [InlineData("\u0001")]
    public void Documents_OfLongTexts_AreWhole(string piece)
    {
        var text = string.Concat(Enumerable.Repeat("a" + piece, 40_000));
        using var lease = new AnswerLease(_budget);
        var xml = XmlRpcReader.ReadResponse(Xml(text));
        Assert.Equal(new RpcString(text.Replace('\u0001', '\ufffd')), xml);
        var json = JsonText.Document(writer => JsonText.Write(writer, text), lease);
        Assert.Equal(new RpcString(text), JsonText.Read(json.Span));
        Assert.InRange(lease.Size, json.Length, 4L * json.Length);
    }

    [Fact]
    public void Json_NoRoomForTheDocument_IsAFault()
    {
        using var lease = new AnswerLease(new MemoryBudget(1_000_000));
        Assert.Throws<AnswerTooLongException>(() => JsonText.Document(writer => JsonText.Write(writer, new string('x', 3_000_000)), lease));
    }

    private static byte[] Xml(string text)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        XmlRpcWriter.WriteResponse(output, text);
        return output.WrittenSpan.ToArray();
    }

    public class LongLog : DispatchProxy
    {
        public string Text { get; set; } = "";

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Task.FromResult(Text);
    }
}
