using System.Text;
using System.Text.RegularExpressions;
using Supervisor.Testing;

namespace Supervisor.Architecture.Tests;

/// <summary>
/// compat-tests/conformance.tsv: each observable behaviour with its verdict and the tests that stand behind it. docs/conformance.md is made
/// from it; UPDATE_GENERATED=1 writes it anew.
/// </summary>
public sealed partial class ConformanceTests
{
    private const string Untested = "-";

    private static readonly Dictionary<string, string> s_verdicts = new()
    {
        ["="] = "same",
        ["+"] = "better on purpose",
        ["~"] = "differs",
        [Untested] = "not tested",
    };

    private static readonly Dictionary<string, string> s_areas = new()
    {
        ["CFG"] = "The configuration's dialect",
        ["OPT"] = "Sections and options",
        ["CLI"] = "Command lines",
        ["DMN"] = "The daemon's life",
        ["PSM"] = "The states of a process",
        ["SPN"] = "Starting a process",
        ["LOG"] = "Output and logs",
        ["EVT"] = "Events and listeners",
        ["RPC"] = "XML-RPC",
        ["HTTP"] = "HTTP and the page",
        ["CTL"] = "supervisorctl",
        ["QRK"] = "Quirks, kept or mended",
        ["TRAP"] = "Traps",
    };

    private static readonly List<Row> s_rows = Read();
    private static readonly Lazy<HashSet<string>> s_tests = new(FindTests);

    [Fact]
    public void Rows_AreUniqueAndHaveAVerdict()
    {
        Assert.Equal(s_rows.Count, s_rows.Select(r => r.Id).Distinct().Count());
        Assert.All(s_rows, r => Assert.Contains(r.Verdict, s_verdicts.Keys));
        Assert.All(s_rows, r => Assert.NotEmpty(r.What));
    }

    [Fact]
    public void Rows_NameTestsThatExist() =>
        Assert.Empty(s_rows.Where(r => r.Verdict != Untested).SelectMany(r => r.Words.Where(w => Resolve(w) is null).Select(w => $"{r.Id}: {w}")));

    [Fact]
    public void Rows_HaveATestOrAReason()
    {
        Assert.Empty(s_rows.Where(r => r.Verdict == Untested ? r.Tests.Length == 0 : !TestsOf(r).Any()).Select(r => r.Id));
        Assert.True(s_rows.Count(r => r.Verdict != Untested) >= s_rows.Count * 0.95);
    }

    [Fact]
    public void Tests_NameRowsThatExist()
    {
        var known = s_rows.Select(r => r.Id.Replace("-", "", StringComparison.Ordinal)).ToHashSet();
        Assert.Empty(s_tests.Value.SelectMany(t => IdInName().Matches(t).Select(m => m.Value).Where(id => !known.Contains(id)).Select(id => $"{t}: {id}")));
    }

    [Fact]
    public void Document_IsTheTable()
    {
        var text = Document();
        Assert.Equal(text, Repository.Generated("docs/conformance.md", text));
    }

    /// <summary>In each table with a column "test" or "tests", every row names at least one, and all of them exist.</summary>
    [Theory]
    [InlineData("docs/security-http.md")]
    [InlineData("docs/threat-model.md")]
    [InlineData("SECURITY.md")]
    public void Promises_NameTestsThatExist(string page)
    {
        var rows = PromisesOf(File.ReadAllLines(Path.Combine(Repository.Root, page))).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var names = row.TrimEnd('|', ' ').Split('|')[^1].Split('`').Where((_, i) => i % 2 == 1).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(Resolve(name) is not null, name));
        });
    }

    private static IEnumerable<string> PromisesOf(string[] lines)
    {
        var inTable = false;
        foreach (var line in lines)
        {
            var isRow = line.StartsWith("| ", StringComparison.Ordinal);
            if (isRow && inTable && !line.StartsWith("| ---", StringComparison.Ordinal))
            {
                yield return line;
            }

            inTable = isRow && (inTable || line.EndsWith(" test |", StringComparison.Ordinal) || line.EndsWith(" tests |", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> TestsOf(Row row) => row.Words.Select(w => Resolve(w)!)
        .Concat(s_tests.Value.Where(t => IdInName().Matches(t).Any(m => m.Value == row.Id.Replace("-", "", StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        .Distinct();

    // A unit test may be named by the beginning of its name.
    private static string? Resolve(string word) => s_tests.Value.Contains(word)
        ? word
        : s_tests.Value.Where(t => t.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();

    private static string Document()
    {
        var text = new StringBuilder("""
            # Conformance

            <!-- Made from compat-tests/conformance.tsv; UPDATE_GENERATED=1 dotnet test writes it anew. -->

            What a client, a script or a person can observe of Python Supervisor, row by row, and what ours does. Tests in lower case are played
            by `compat-tests/run.py`, nearly all against both and compared (`config_fuzz`, `rpc_fuzz`, `ctl_diff`, `ctl_fuzz`, `http_fuzz` and `smuggle_fuzz` are programs of their own there), the
            others are unit tests; all of them run with `.ci/test`. What is better on purpose or differs is explained in [compatibility.md](compatibility.md).


            """.ReplaceLineEndings("\n"));
        foreach (var verdict in s_verdicts)
        {
            text.Append($"* {s_rows.Count(r => r.Verdict == verdict.Key)} {verdict.Value}\n");
        }

        foreach (var area in s_rows.GroupBy(r => r.Id.Split('-')[0]))
        {
            text.Append($"\n## {s_areas[area.Key]}\n\n| | what | verdict | tests |\n|---|---|---|---|\n");
            foreach (var row in area)
            {
                var tests = row.Verdict == Untested ? row.Tests : string.Join(", ", TestsOf(row).Select(t => $"`{t}`"));
                text.Append($"| {row.Id} | {row.What.Replace("|", "\\|", StringComparison.Ordinal)} | {s_verdicts[row.Verdict]} | {tests} |\n");
            }
        }

        return text.ToString();
    }

    private static List<Row> Read() => [.. File.ReadLines(Path.Combine(Repository.Root, "compat-tests", "conformance.tsv"))
        .Select(l => l.Split('\t'))
        .Select(f => new Row(f[0], f[1], f[2], f[3]))];

    private static HashSet<string> FindTests()
    {
        var tests = new HashSet<string> { "config_fuzz", "rpc_fuzz", "ctl_diff", "ctl_fuzz", "http_fuzz", "smuggle_fuzz" };
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)))
        {
            tests.UnionWith(UnitTest().Matches(File.ReadAllText(file)).Select(m => $"{Path.GetFileNameWithoutExtension(file)}.{m.Groups[1].Value}"));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "compat-tests", "cases"), "*.py"))
        {
            tests.UnionWith(CompatTest().Matches(File.ReadAllText(file)).Select(m => $"{Path.GetFileNameWithoutExtension(file)}.{m.Groups[1].Value}"));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "compat-tests", "reliability"), "*.py"))
        {
            tests.UnionWith(Trial().Matches(File.ReadAllText(file)).Select(m => $"{Path.GetFileNameWithoutExtension(file)}.{m.Groups[1].Value}"));
        }

        // Made in a loop.
        tests.UnionWith(["lifecycle.stops_on_SIGTERM", "lifecycle.stops_on_SIGINT", "lifecycle.stops_on_SIGQUIT"]);
        return tests;
    }

    // Subject_Condition_Outcome.
    [GeneratedRegex(@"public (?:static )?(?:async Task|void) (\w+_\w+)\(")]
    private static partial Regex UnitTest();

    [GeneratedRegex(@"@(?:both|candidate_only)\ndef (\w+)\(")]
    private static partial Regex CompatTest();

    [GeneratedRegex(@"^@trial\(.*\)\ndef (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Trial();

    [GeneratedRegex("(?<=_)(?:CFG|OPT|CLI|DMN|PSM|SPN|LOG|EVT|RPC|HTTP|CTL|QRK)[0-9]{3}(?![0-9])|(?<=_)TRAP[0-9]{2}(?![0-9])")]
    private static partial Regex IdInName();

    private sealed record Row(string Id, string Verdict, string What, string Tests)
    {
        public string[] Words => Verdict == Untested ? [] : Tests.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
