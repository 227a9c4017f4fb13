using Supervisor.Core.Configuration.Loading;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Options set more than once: the last one wins without a word (CFG-021).</summary>
internal static class OverrideLint
{
    public static void Check(LoadContext load)
    {
        foreach (var (section, option, earlier, later) in load.Document.Overrides)
        {
            if (earlier.Text == later.Text)
            {
                continue;
            }

            load.Findings!.Add(new ConfigFinding(
                FindingSeverity.Warning, $"overrides the value of {earlier.File}:{earlier.Line}", later.File, later.Line, section, option));
        }
    }
}
