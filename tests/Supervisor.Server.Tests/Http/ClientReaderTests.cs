using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class ClientReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Text(ReadResult result) => Encoding.Latin1.GetString(result.Buffer.ToArray());

    [Fact]
    public async Task Rest_OfWhatCame_IsThereWithoutWaiting()
    {
        var pipe = new Pipe();
        var reader = new ClientReader(pipe.Reader.AsStream());
        Assert.False(reader.TryRead(out _));
        await pipe.Writer.WriteAsync("onetwo"u8.ToArray(), Token);
        var result = await reader.ReadAsync(Token);
        Assert.Equal("onetwo", Text(result));
        reader.AdvanceTo(result.Buffer.GetPosition(3));
        Assert.True(reader.TryRead(out result));
        Assert.Equal("two", Text(result));
        reader.AdvanceTo(result.Buffer.End);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public async Task Examined_WaitsForMore_AndKeepsWhatThereWas()
    {
        var pipe = new Pipe();
        var reader = new ClientReader(pipe.Reader.AsStream());
        await pipe.Writer.WriteAsync("begun "u8.ToArray(), Token);
        var result = await reader.ReadAsync(Token);
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.False(reader.TryRead(out _));
        var reading = reader.ReadAsync(Token);
        Assert.False(reading.IsCompleted);
        await pipe.Writer.WriteAsync("ended"u8.ToArray(), Token);
        Assert.Equal("begun ended", Text(await reading));
    }

    [Fact]
    public async Task End_IsToldAgainAndAgain()
    {
        var reader = new ClientReader(new MemoryStream("x"u8.ToArray()));
        var result = await reader.ReadAsync(Token);
        Assert.False(result.IsCompleted);
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        result = await reader.ReadAsync(Token);
        Assert.True(result.IsCompleted);
        Assert.Equal("x", Text(result));
        reader.AdvanceTo(result.Buffer.End);
        Assert.True(reader.TryRead(out result));
        Assert.True(result is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    /// <summary>However it comes in and is taken away, every byte is seen once and in order.</summary>
    [Fact]
    public void AnyPieces_AndAnySteps_GiveTheSameBytes() => Gen.Select(Gen.Int[1, 40_000], Gen.Int[1, 10_000].Array[1, 20], Gen.Int[0, 5_000].Array[1, 20]).Sample(
        (size, pieces, steps) =>
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            var reader = new ClientReader(new Pieces(bytes, pieces));
            var seen = new List<byte>();
            for (var i = 0; ; i++)
            {
                var reading = reader.ReadAsync(Token);
                Assert.True(reading.IsCompleted);
                var result = reading.Result;
                var take = result.IsCompleted ? result.Buffer.Length : Math.Min(result.Buffer.Length, steps[i % steps.Length]);
                var taken = result.Buffer.Slice(0, take);
                seen.AddRange(taken.ToArray());
                if (take == 0)
                {
                    reader.AdvanceTo(taken.End, result.Buffer.End);
                }
                else
                {
                    reader.AdvanceTo(taken.End);
                }

                if (result.IsCompleted)
                {
                    break;
                }
            }

            reader.Complete();
            Assert.Equal(bytes, seen);
        });

    /// <summary>Gives no more at once than the next piece.</summary>
    private sealed class Pieces(byte[] bytes, int[] pieces) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_turn++ % pieces.Length])], cancellationToken);
    }
}
