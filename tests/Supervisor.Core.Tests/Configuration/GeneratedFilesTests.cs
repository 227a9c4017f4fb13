using System.Text;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Configuration.Writers;
using Supervisor.Testing;

namespace Supervisor.Core.Tests.Configuration;

/// <summary>Files in the repository that are made from the option rows. UPDATE_GENERATED=1 writes them anew.</summary>
public class GeneratedFilesTests
{
    [Fact]
    public void SampleFile_IsWhatTheBinaryPrints_CLI018() =>
        Assert.Equal(SampleConfig.Text, Repository.Generated("conf/supervisord.sample.conf", SampleConfig.Text));

    [Fact]
    public void Reference_HasEveryOption()
    {
        var text = Reference();
        Assert.Equal(text, Repository.Generated("docs/configuration.md", text));
    }

    [Fact]
    public void Manual_HasEveryOption()
    {
        var text = Manual();
        Assert.Equal(text, Repository.Generated("docs/man/supervisord.conf.5", text));
    }

    [Fact]
    public void Rows_DefaultsConvert()
    {
        var rows = ConfigSchema.Sections.SelectMany(s => s.Entries).Select(e => e.Row).Distinct().ToList();
        Assert.True(rows.Count > 60);
        Assert.All(rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Doc)));
        Assert.All(rows, row => Assert.EndsWith(".", row.Doc, StringComparison.Ordinal));
    }

    private static string Manual()
    {
        var page = new ManPage("supervisord.conf", 5, "configuration of supervisord and supervisorctl")
            .Section("DESCRIPTION")
            .Paragraph("An INI file. A blank and a semicolon begin a comment, indented lines go on with the value above. %(here)s is the folder of the "
                + "file, %(ENV_X)s the environment variable X, %% a percent sign; in programs there are %(program_name)s, %(group_name)s, "
                + "%(host_node_name)s, %(process_num)d and %(numprocs)d too. supervisord --check finds mistakes, supervisord --dump-config shows what "
                + "a file means, echo_supervisord_conf prints a sample.")
            .Section("SECTIONS");
        foreach (var section in ConfigSchema.Sections)
        {
            page.Subsection($"[{section.Title}]").Paragraph(string.Join(' ', section.Doc));
            foreach (var row in section.Entries.Select(e => e.Row).Distinct())
            {
                page.Item(row.Name, row.Doc);
            }
        }

        return page.Section("SEE ALSO").Paragraph("supervisord(1), supervisorctl(1)").Text;
    }

    private static string Reference()
    {
        var text = new StringBuilder("""
            # Configuration reference

            <!-- Made from the option rows in src/Supervisor.Core/Configuration/Options; UPDATE_GENERATED=1 dotnet test writes it anew. -->

            `supervisord --check FILE` finds mistakes, `supervisord -c FILE --dump-config` shows what a file means and where each value comes
            from, and `echo_supervisord_conf` prints a sample.

            Values are read as Python Supervisor reads them: ` ;` and ` #` begin a comment, indented lines go on with the value above,
            `%(here)s` is the folder of the file, `%(ENV_X)s` the environment variable X, `%%` a percent sign. In programs there are
            `%(program_name)s`, `%(group_name)s`, `%(host_node_name)s`, `%(process_num)d` and `%(numprocs)d` too.

            | values | written as |
            |---|---|
            | boolean | `true`, `yes`, `on`, `1`, or `false`, `no`, `off`, `0`, in any case |
            | bytes | a number, or with `KB`, `MB`, `GB` behind it |
            | octal | digits 0 to 7, as chmod takes them |
            | signal | a name with or without `SIG`, or a number |
            | exit codes | numbers from 0 to 255, separated by commas |
            | user | a name or a numeric id |


            """.ReplaceLineEndings("\n"));
        foreach (var section in ConfigSchema.Sections)
        {
            text.Append("## [").Append(section.Title).Append("]\n\n");
            text.Append(string.Join(' ', section.Doc)).Append("\n\n| option | values | default | |\n|---|---|---|---|\n");
            foreach (var row in section.Entries.Select(e => e.Row).Distinct())
            {
                text.Append($"| `{row.Name}` | {row.TypeName} | {Default(row)} | {row.Doc} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static string Default(OptionRow row) =>
        row.IsRequired ? "required" : row.DefaultNote ?? (row.DefaultText is null ? "" : row.DefaultText.Length == 0 ? "empty" : $"`{row.DefaultText}`");
}
