using System.Text.RegularExpressions;
using Supervisor.Testing;

namespace Supervisor.Server.Tests.Web;

/// <summary>What the browser gets as it stands in the repository: no build step, nothing from elsewhere.</summary>
public sealed partial class AssetTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "src", "Supervisor.Server", "Web", "Assets");

    [Fact]
    public void Scripts_MakeNoMarkupOfText()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(s_folder, "scripts")))
        {
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://", File.ReadAllText(file));
        }
    }

    [Fact]
    public void Scripts_ImportWhatIsThere()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(s_folder, "scripts")))
        {
            Assert.All(Import().Matches(File.ReadAllText(file)), m => Assert.True(File.Exists(Path.Combine(s_folder, "scripts", m.Groups[1].Value)), m.Value));
        }
    }

    [Fact]
    public void Scripts_StaySmall() =>
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(s_folder, "scripts")).Sum(f => new FileInfo(f).Length), 1, 50_000);

    [Fact]
    public void Styles_LoadNothing() =>
        Assert.DoesNotMatch("url\\(|@import", File.ReadAllText(Path.Combine(s_folder, "stylesheets", "supervisor.css")));

    [GeneratedRegex(@"from '\./([^']+)'")]
    private static partial Regex Import();
}
