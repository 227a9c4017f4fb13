using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.CommandLine;

/// <summary><c>--check</c>: says everything that is wrong with a configuration, touches nothing.</summary>
internal static class CheckCommand
{
    private const int Clean = 0;
    private const int HasWarnings = 1;
    private const int HasErrors = 2;

    /// <returns>0 clean, 1 warnings with <c>--strict</c>, 2 errors.</returns>
    public static int Run(CheckArguments arguments, IConfigHost host, IFileSystem files, string argv0)
    {
        var results = arguments.Files.Select(file =>
        {
            var request = new ConfigRequest { ConfigFile = file, Argv0 = argv0 };
            return (File: file ?? ConfigSearch.Find(host, argv0) ?? "", Findings: ConfigChecker.Check(host, files, request));
        }).ToList();
        StandardStreams.Write(StandardStreams.Output, arguments.Json ? Json(results) : Encoding.UTF8.GetBytes(Text(results)));
        var all = results.SelectMany(r => r.Findings).ToList();
        return all.Any(f => f.Severity == FindingSeverity.Error) ? HasErrors : arguments.Strict && all.Count > 0 ? HasWarnings : Clean;
    }

    // FILE:LINE first, as compilers print it, so that editors and terminals can jump there.
    private static string Text(IEnumerable<(string File, IReadOnlyList<ConfigFinding> Findings)> results)
    {
        var text = new StringBuilder();
        foreach (var (file, findings) in results)
        {
            foreach (var finding in findings)
            {
                text.Append(finding.File);
                if (finding.Line > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $":{finding.Line}");
                }

                text.Append(finding.File.Length > 0 ? ": " : "").Append(Name(finding.Severity)).Append(": ");
                if (finding.Section is { } section)
                {
                    text.Append(CultureInfo.InvariantCulture, $"[{section}] ");
                }

                if (finding.Option is { } option)
                {
                    text.Append(option).Append(": ");
                }

                text.Append(finding.Message).Append('\n');
            }

            var errors = findings.Count(f => f.Severity == FindingSeverity.Error);
            var warnings = findings.Count - errors;
            text.Append(file.Length > 0 ? file + ": " : "");
            text.Append(findings.Count == 0 ? "ok\n" : $"{Count(errors, "error")}, {Count(warnings, "warning")}\n");
        }

        return text.ToString();
    }

    private static byte[] Json(IEnumerable<(string File, IReadOnlyList<ConfigFinding> Findings)> results)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var (file, findings) in results)
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteStartArray("findings");
                foreach (var finding in findings)
                {
                    json.WriteStartObject();
                    json.WriteString("severity", Name(finding.Severity));
                    json.WriteString("file", finding.File);
                    json.WriteNumber("line", finding.Line);
                    json.WriteString("section", finding.Section);
                    json.WriteString("option", finding.Option);
                    json.WriteString("message", finding.Message);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static string Name(FindingSeverity severity) => severity == FindingSeverity.Error ? "error" : "warning";

    private static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
