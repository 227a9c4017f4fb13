namespace Supervisor.Core.Configuration.Options;

/// <summary>One kind of section with everything that may stand in it.</summary>
/// <param name="Prefix">How its name begins; the whole name where <paramref name="IsPrefix"/> is false.</param>
/// <param name="IsPrefix">Any name that begins so is meant.</param>
/// <param name="SampleName">Its name in the sample configuration, null if it is not there.</param>
/// <param name="SampleIsOn">The sample does not comment it out.</param>
/// <param name="Doc">One sentence for people; more sentences follow in the sample only.</param>
/// <param name="Entries">In the order of the sample.</param>
internal sealed record SectionSchema(
    string Prefix, bool IsPrefix, string? SampleName, bool SampleIsOn, IReadOnlyList<string> Doc, IReadOnlyList<SchemaEntry> Entries)
{
    /// <summary>Options of any name are possible: arguments of a plug-in.</summary>
    public bool IsOpen { get; init; }

    public bool Matches(string section) => IsPrefix ? section.StartsWith(Prefix, StringComparison.Ordinal) : section == Prefix;

    /// <summary>As the reference titles it, such as <c>program:x</c>.</summary>
    public string Title => Prefix.EndsWith(':') ? Prefix + "x" : Prefix;

    public OptionRow? Find(string option) => Entries.FirstOrDefault(e => e.Row.Name == option)?.Row;
}

/// <summary>An option in its section.</summary>
/// <param name="Row">The option.</param>
/// <param name="Sample">What the sample configuration sets it to; null if it is not there.</param>
/// <param name="IsOn">The sample does not comment it out.</param>
internal sealed record SchemaEntry(OptionRow Row, string? Sample = null, bool IsOn = false);
