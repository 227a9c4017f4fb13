namespace Supervisor.Unix;

/// <summary>What each of our programs does before anything else.</summary>
public static class ProcessStart
{
    /// <summary>The first statement of Main. Inherited by what the program executes in its own place, not by its children.</summary>
    public static void Prepare()
    {
        InheritedDescriptors.OpenStandard();
        SignalDispositions.SurviveFileSizeLimit();
    }
}
