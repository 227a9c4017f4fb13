using System.Text;
using CsCheck;
using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Ini;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Testing;
using Supervisor.Testing.Files;

namespace Supervisor.Core.Tests.Configuration;

/// <summary>What holds for every input.</summary>
public class ConfigReaderLaws
{
    private static readonly string[] s_parts =
    [
        "[supervisord]\n", "[program:x]\n", "command=a\n", "\n", "\r", "=", ":", ";", " ", "#", "%", "%(", ")s", "'", "\"", "\\", "[", "]", ",", "environment=A=",
        "numprocs=", "process_name=", "[include]\nfiles=*", "[DEFAULT]\n", "\t", "1", "\u00fc",
    ];

    // Bytes that mean something to the grammar come often.
    private static readonly Gen<byte[]> s_bytes = Gen.Frequency(
        (5, Gen.Int[0, s_parts.Length - 1].Select(i => Encoding.UTF8.GetBytes(s_parts[i]))),
        (1, Gen.Byte.Array[0, 3])).Array[0, 40].Select(parts => parts.SelectMany(p => p).ToArray());

    private static readonly Gen<string> s_word = Gen.Char["abcxyz_019./-"].Array[1, 8].Select(c => new string(c));

    [Fact]
    public void AnyBytes_AreReadOrRefused_NothingElse() => s_bytes.Sample(bytes =>
    {
        var host = new FakeConfigHost { RawFiles = { ["/etc/s.conf"] = bytes, ["/etc/t.conf"] = bytes } };
        var request = new ConfigRequest { ConfigFile = "/etc/s.conf" };
        ConfigException? refusal = null;
        try
        {
            new ConfigLoader(host).Load(request);
        }
        catch (ConfigException e)
        {
            refusal = e;
        }

        var errors = ConfigChecker.Check(host, new MemoryFileSystem(), request).Count(f => f.Severity == FindingSeverity.Error);
        Assert.Equal(refusal is not null, errors > 0);
    }, iter: 20_000);

    [Fact]
    public void Written_IsRead() => Gen.Select(s_word, Gen.Select(s_word, s_word).Array[1, 8]).Array[1, 5].Sample(sections =>
    {
        var text = new StringBuilder();
        var expected = new Dictionary<(string, string), string>();
        foreach (var (section, options) in sections)
        {
            text.Append('[').Append(section).Append("]\n");
            foreach (var (option, value) in options)
            {
                text.Append(option).Append(" = ").Append(value).Append('\n');
                expected[(section, option)] = value;
            }
        }

        var document = new IniDocument();
        IniReader.Read(document, "f", Encoding.UTF8.GetBytes(text.ToString()), included: false);
        Assert.Equal(expected.Count, document.Sections.Sum(s => s.Options.Count));
        Assert.All(expected, e => Assert.Equal(e.Value, document.Get(e.Key.Item1, e.Key.Item2)!.Text));
    });

    [Fact]
    public void Memory_StaysInProportionToTheFile()
    {
        Allocated(10);
        var small = Allocated(500);
        var large = Allocated(2000);
        Assert.True(large < 5 * small, $"{small} bytes for 500 programs, {large} for 2000");
    }

    // By this thread alone: other tests run meanwhile.
    private static long Allocated(int programs)
    {
        var text = new StringBuilder("[supervisord]\n");
        for (var i = 0; i < programs; i++)
        {
            text.Append($"[program:p{i}]\ncommand=/bin/cat {i}\nstdout_logfile=/tmp/p{i}.log\nautostart=true\n");
        }

        var host = new FakeConfigHost { RawFiles = { ["/etc/s.conf"] = Encoding.UTF8.GetBytes(text.ToString()) } };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var config = new ConfigLoader(host).Load(new ConfigRequest { ConfigFile = "/etc/s.conf" });
        Assert.Equal(programs, config.Groups.Count);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
