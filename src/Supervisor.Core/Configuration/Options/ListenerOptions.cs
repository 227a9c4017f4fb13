namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows that only <c>[eventlistener:x]</c> has (OPT-116..120).</summary>
internal static class ListenerOptions
{
    public const string DefaultResultHandler = "supervisor.dispatchers:default_handler";

    public static readonly Option<int> Priority = new("priority", Types.Integer, "-1", "Lower starts first and stops last.");
    public static readonly Option<IReadOnlyList<string>> Events = new("events", Types.List, null, "Event types to receive.") { IsRequired = true };
    public static readonly Option<int> BufferSize = new("buffer_size", Types.Integer, "10", "Events kept while no listener is ready.");
    public static readonly Option<string> ResultHandler = new("result_handler", Types.Text, DefaultResultHandler, "Only the built-in one is possible.");
}
