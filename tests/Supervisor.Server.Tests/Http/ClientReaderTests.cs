using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Http;

public class ClientReaderTests
{
    private readonly FakeMemory _memory = new();
    private readonly Pipe _pipe = new();
    private readonly ClientReader _reader;

    public ClientReaderTests()
    {
        _reader = new ClientReader(_pipe.Reader.AsStream(), _memory);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Text => Encoding.Latin1.GetString(_reader.Buffered);

    [Fact]
    public async Task Rest_OfWhatCame_Stays()
    {
        await _pipe.Writer.WriteAsync("onetwo"u8.ToArray(), Token);
        Assert.True(await _reader.FillAsync(Token));
        Assert.Equal("onetwo", Text);
        var taken = _reader.Consume(3);
        Assert.Equal("two", Text);
        Assert.Equal("one", Encoding.Latin1.GetString(taken.Span));
    }

    [Fact]
    public async Task More_IsPutBehindWhatThereWas()
    {
        await _pipe.Writer.WriteAsync("begun "u8.ToArray(), Token);
        await _reader.FillAsync(Token);
        var filling = _reader.FillAsync(Token);
        Assert.False(filling.IsCompleted);
        await _pipe.Writer.WriteAsync("ended"u8.ToArray(), Token);
        Assert.True(await filling);
        Assert.Equal("begun ended", Text);
    }

    [Fact]
    public async Task WhoWaitsWithNothingLeft_HoldsNothing()
    {
        await _pipe.Writer.WriteAsync("one"u8.ToArray(), Token);
        await _reader.FillAsync(Token);
        Assert.True(_memory.Held > 0);
        _reader.Consume(3);
        var filling = _reader.FillAsync(Token);
        Assert.Equal(0, _memory.Held);
        await _pipe.Writer.WriteAsync("two"u8.ToArray(), Token);
        await filling;
        Assert.Equal("two", Text);
        _reader.Dispose();
        Assert.Equal(0, _memory.Held);
    }

    [Fact]
    public async Task Read_TakesWhatThereIs_AndThenWhatComes()
    {
        await _pipe.Writer.WriteAsync("one"u8.ToArray(), Token);
        await _reader.FillAsync(Token);
        var destination = new byte[10];
        Assert.Equal(3, await _reader.ReadAsync(destination, Token));
        var reading = _reader.ReadAsync(destination.AsMemory(3), Token);
        Assert.Equal(0, _memory.Held);
        await _pipe.Writer.WriteAsync("two"u8.ToArray(), Token);
        Assert.Equal(3, await reading);
        Assert.Equal("onetwo", Encoding.Latin1.GetString(destination[..6]));
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(0, await _reader.ReadAsync(destination, Token));
    }

    [Fact]
    public async Task End_IsToldAgainAndAgain()
    {
        await _pipe.Writer.WriteAsync("x"u8.ToArray(), Token);
        Assert.True(await _reader.FillAsync(Token));
        await _pipe.Writer.CompleteAsync();
        Assert.False(await _reader.FillAsync(Token));
        Assert.Equal("x", Text);
        _reader.Consume(1);
        Assert.False(await _reader.FillAsync(Token));
    }

    /// <summary>However it comes in and is taken away, every byte is seen once and in order.</summary>
    [Fact]
    public void AnyPieces_AndAnySteps_GiveTheSameBytes() => Gen.Select(Gen.Int[1, 40_000], Gen.Int[1, 10_000].Array[1, 20], Gen.Int[0, 5_000].Array[1, 20]).Sample(
        (size, pieces, steps) =>
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            var memory = new FakeMemory();
            using (var reader = new ClientReader(new Pieces(bytes, pieces), memory))
            {
                var seen = new List<byte>();
                for (var i = 0; ; i++)
                {
                    var step = steps[i % steps.Length];
                    if (step % 2 == 1)
                    {
                        var part = new byte[step];
                        seen.AddRange(part[..Ended(reader.ReadAsync(part, Token))]);
                    }
                    else
                    {
                        var goesOn = Ended(reader.FillAsync(Token));
                        seen.AddRange(reader.Consume(goesOn ? Math.Min(reader.Buffered.Length, step) : reader.Buffered.Length).Span);
                        if (!goesOn)
                        {
                            break;
                        }
                    }

                    // All of them odd would never ask for the end.
                    if (seen.Count == size && i > steps.Length)
                    {
                        Assert.False(Ended(reader.FillAsync(Token)));
                        break;
                    }
                }

                Assert.Equal(bytes, seen);
            }

            Assert.Equal(0, memory.Held);
        });

    private static T Ended<T>(ValueTask<T> reading)
    {
        Assert.True(reading.IsCompleted);
        return reading.Result;
    }

    /// <summary>Gives no more at once than the next piece.</summary>
    private sealed class Pieces(byte[] bytes, int[] pieces) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_turn++ % pieces.Length])], cancellationToken);
    }
}
