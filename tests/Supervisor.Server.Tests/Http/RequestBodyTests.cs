using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Http;

public class RequestBodyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _pipe = new();
    private readonly MemoryBudget _budget = new(1_000_000);
    private readonly FakeMemory _memory = new();
    private readonly ClientTimeout _timeout;
    private readonly ClientReader _input;
    private readonly HttpLimits _limits = new() { Body = 400_000 };

    public RequestBodyTests()
    {
        _timeout = new ClientTimeout(_time);
        _input = new ClientReader(_pipe.Reader.AsStream(), _memory);
    }

    private RequestBody Body(string headers, string? sent = null)
    {
        if (sent is not null)
        {
            _pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(sent)).AsTask().Wait();
        }

        var head = RequestHead.Parse(Encoding.ASCII.GetBytes("POST /RPC2 HTTP/1.1\r\n" + headers), _memory)!;
        return new RequestBody(head, _input, _limits, new RequestMemory(_memory, _budget, new GcTrimmer(() => { }, () => { })), _timeout, CancellationToken.None);
    }

    private string Rest()
    {
        // In one read or two: the body may have been taken without what follows it.
        while (_input.Buffered.IsEmpty && _input.FillAsync(TestContext.Current.CancellationToken).AsTask().Result)
        {
        }

        return Encoding.ASCII.GetString(_input.Buffered);
    }

    [Theory]
    [InlineData("X: y", 411)]
    [InlineData("Content-Length:5", 411)]
    [InlineData("Content-Length: x", 500)]
    [InlineData("Content-Length: -1", 400)]
    [InlineData("Content-Length: 400001", 413)]
    [InlineData("Content-Length: 99999999999999999999999999", 413)]
    public async Task Length_OutOfBounds_IsRefused(string header, int code) => Assert.Equal(code, (await Body(header).ReadAsync()).Refusal?.Code);

    [Fact]
    public async Task Read_Body_LeavesTheNextRequest()
    {
        using var body = Body("Content-Length: 5", "helloGET");
        Assert.Equal("hello", Encoding.ASCII.GetString((await body.ReadAsync()).Body.Span));
        Assert.True(await body.SkipAsync(goesOn: true));
        Assert.Equal("GET", Rest());
    }

    [Fact]
    public async Task Read_LongBody_IsWholeAndGivenBack()
    {
        var sent = string.Concat(Enumerable.Range(0, 30_000).Select(i => (char)('a' + i % 26)));
        using (var body = Body("Content-Length: 30000", sent + "GET"))
        {
            Assert.Equal(sent, Encoding.ASCII.GetString((await body.ReadAsync()).Body.Span));
            Assert.Equal(30_000, _memory.Held);
        }

        Assert.Equal(0, _memory.Held);
        Assert.Equal("GET", Rest());
    }

    [Fact]
    public async Task Read_LongBodyBrokenOff_IsGivenBack()
    {
        using (var body = Body("Content-Length: 30000", new string('x', 20_000)))
        {
            await _pipe.Writer.CompleteAsync();
            await Assert.ThrowsAsync<IOException>(() => body.ReadAsync().AsTask());
        }

        Assert.Equal(0, _memory.Held);
    }

    [Fact]
    public async Task Read_LongBodyAnnounced_TakesWhatHasCome()
    {
        using var body = Body("Content-Length: 400000", "x");
        var reading = body.ReadAsync().AsTask();
        Assert.InRange(_memory.Held, 1, 20_000);
        await _pipe.Writer.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(() => reading);
    }

    [Fact]
    public async Task Skip_UnreadBody_IsNoRequest()
    {
        using var body = Body("Content-Length: 5", "helloGET");
        Assert.True(await body.SkipAsync(goesOn: true));
        Assert.Equal("GET", Rest());
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: x")]
    [InlineData("Content-Length: 9999999")]
    [InlineData("Content-Length: 5\r\nExpect: 100-continue")]
    [InlineData("Content-Length: 5\r\nExpect:100-continue")]
    public async Task Skip_EndUnknownOrFar_ClosesTheConnection(string headers)
    {
        await _pipe.Writer.WriteAsync(new byte[2_000_000].AsMemory(0, 30_000));
        await _pipe.Writer.CompleteAsync();
        using var body = Body(headers);
        try
        {
            Assert.False(await body.SkipAsync(goesOn: true));
        }
        catch (IOException)
        {
            // The client ended within the body, which ends the connection as well.
        }
    }

    /// <summary>Till the refused client has sent what it announced, it is we who wait, and others come first.</summary>
    [Fact]
    public async Task Skip_AfterARefusal_TheClientMakesRoomForOthers()
    {
        using var body = Body("Content-Length: 300000");
        Assert.Equal(long.MaxValue, _timeout.WaitingSince);
        var skipping = body.SkipAsync(goesOn: false).AsTask();
        Assert.False(skipping.IsCompleted);
        Assert.NotEqual(long.MaxValue, _timeout.WaitingSince);
        await _pipe.Writer.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(() => skipping);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Content-Length: 5\r\nContent-Length:0")]
    public async Task Read_TwoLengthsThatDiffer_IsRefused(string headers) => Assert.Equal(400, (await Body(headers, "hello").ReadAsync()).Refusal?.Code);

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 5")]
    [InlineData("Content-Length:  5")]
    [InlineData("Content-Length: \r\n 5")]
    public async Task Read_OddLength_IsReadAndEndsTheConnection(string headers)
    {
        using var body = Body(headers, "helloGET");
        Assert.Equal("hello", Encoding.ASCII.GetString((await body.ReadAsync()).Body.Span));
        Assert.False(await body.SkipAsync(goesOn: true));
    }

    [Fact]
    public async Task Read_MoreThanAllMayHold_IsRefusedAndGivenBack()
    {
        Assert.True(_budget.TryTake(900_000));
        using (var body = Body("Content-Length: 300000"))
        {
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < 30; i++)
                {
                    await _pipe.Writer.WriteAsync(new byte[10_000]);
                }
            });
            Assert.Equal(503, (await body.ReadAsync()).Refusal?.Code);
        }

        Assert.True(_budget.TryTake(100_000));
    }

    [Fact]
    public async Task Read_SmallBody_NeverWaitsForOthers()
    {
        Assert.True(_budget.TryTake(1_000_000));
        using var body = Body("Content-Length: 5", "hello");
        Assert.Null((await body.ReadAsync()).Refusal);
    }
}
