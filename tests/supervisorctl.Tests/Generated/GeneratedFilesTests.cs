using Supervisor.Testing;

namespace Supervisor.Ctl.Tests.Generated;

/// <summary>Files in the repository that are made from the command table. UPDATE_GENERATED=1 writes them anew.</summary>
public sealed class GeneratedFilesTests
{
    [Theory]
    [InlineData("conf/completions/supervisorctl.bash")]
    [InlineData("conf/completions/_supervisorctl")]
    [InlineData("conf/completions/supervisorctl.fish")]
    [InlineData("docs/man/supervisorctl.1")]
    public void File_IsWhatTheTableSays(string path)
    {
        var text = Path.GetFileName(path) switch
        {
            "supervisorctl.bash" => Completions.Bash(),
            "_supervisorctl" => Completions.Zsh(),
            "supervisorctl.fish" => Completions.Fish(),
            _ => Manual.Page(),
        };
        Assert.Equal(text, Repository.Generated(path, text));
    }
}
