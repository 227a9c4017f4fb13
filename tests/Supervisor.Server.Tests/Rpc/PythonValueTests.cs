using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Tests.Rpc;

/// <summary>The expected texts are what Python 3 prints.</summary>
public class PythonValueTests
{
    public static TheoryData<RpcValue, string> Texts => new()
    {
        { "it's", "it's" },
        { true, "True" },
        { RpcNil.Instance, "None" },
        { new RpcDateTime("20260131T01:02:03"), "2026-01-31 01:02:03" },
        { new RpcArray(["it's", 1, false, new RpcDateTime("20260131T01:02:00")]), "[\"it's\", 1, False, datetime.datetime(2026, 1, 31, 1, 2)]" },
        { new RpcArray([new RpcDateTime("20260131T01:02:03")]), "[datetime.datetime(2026, 1, 31, 1, 2, 3)]" },
        { new RpcStruct([new("a", 1), new("b", ""), new("a", 2)]), "{'a': 2, 'b': ''}" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Str_EVT068(RpcValue value, string expected) => Assert.Equal(expected, PythonValue.Str(value));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.5, "1.5")]
    [InlineData(100, "100.0")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(-1e16, "-1e+16")]
    [InlineData(1.25e300, "1.25e+300")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.000015, "1.5e-05")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Str_Float_PutsThePointWherePythonDoes(double number, string expected) => Assert.Equal(expected, PythonValue.Str(new RpcDouble(number)));

    /// <summary>Each level used to copy all that is inside it.</summary>
    [Fact]
    public void Str_DeepAndLong_IsMadeOnce()
    {
        RpcValue value = new string('a', 900_000);
        for (var i = 0; i < 500; i++)
        {
            value = new RpcArray([value]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(900_000 + 2 + 1000, PythonValue.Str(value).Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30_000_000);
    }

    [Fact]
    public void Str_LongerThanAnybodyNeeds_IsRefusedAndATextIsNot()
    {
        var text = new string('\x7f', 2_000_000);
        Assert.Same(text, PythonValue.Str(text));
        foreach (var value in new RpcValue[] { new RpcArray([text]), new RpcStruct([new(text, 1)]), new RpcArray([.. Enumerable.Repeat<RpcValue>(1, 500_000)]) })
        {
            Assert.Equal((int)FaultCode.IncorrectParameters, Assert.Throws<RpcFaultException>(() => PythonValue.Str(value)).Code);
        }
    }

    [Fact]
    public void SignalLater_Wrong_IsToldWhenAskedFor()
    {
        var later = PythonValue.SignalLater("cat");
        Assert.Equal("BAD_SIGNAL: cat", Assert.Throws<RpcFaultException>(() => later()).Text);
        Assert.Equal(18, PythonValue.SignalLater("CONT")());
    }

    [Fact]
    public void Integer_RPC006()
    {
        Assert.Equal([7, 1, -1, 10], new RpcValue[] { 7, true, new RpcDouble(-1.9), " 1_0 " }.Select(PythonValue.Integer));
        Assert.Throws<FormatException>(() => PythonValue.Integer("5.0"));
        Assert.Throws<FormatException>(() => PythonValue.Integer(new RpcDouble(double.NaN)));
        Assert.Equal((int)FaultCode.IncorrectParameters, Assert.Throws<RpcFaultException>(() => PythonValue.Integer(new RpcArray([]))).Code);
    }

    [Fact]
    public void Signal_RPC053()
    {
        Assert.All(new RpcValue[] { "sigcont", " 18 ", 18, new RpcDouble(18.9) }, s => Assert.Equal(18, PythonValue.Signal(s)));
        Assert.Equal("BAD_SIGNAL: -1.5", Assert.Throws<RpcFaultException>(() => PythonValue.Signal(new RpcDouble(-1.5))).Text);
        Assert.Equal("BAD_SIGNAL: cat", Assert.Throws<RpcFaultException>(() => PythonValue.Signal("cat")).Text);
        Assert.Throws<FormatException>(() => PythonValue.Signal(RpcNil.Instance));
        Assert.Throws<FormatException>(() => PythonValue.Signal(new RpcDouble(double.PositiveInfinity)));
    }
}
