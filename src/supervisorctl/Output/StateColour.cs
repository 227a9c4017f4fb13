namespace Supervisor.Ctl.Output;

/// <summary>Colours of process states for human eyes: green runs, yellow is on its way, red needs attention.</summary>
internal static class StateColour
{
    private const int Green = 32;
    private const int Yellow = 33;
    private const int Red = 31;

    public static string Paint(CtlOutput output, int state, string text)
    {
        int? colour = state switch
        {
            20 => Green,
            10 or 30 or 40 => Yellow,
            200 or 1000 => Red,
            _ => null,
        };
        return output.Colours && colour is { } number ? $"\x1b[{number}m{text}\x1b[0m" : text;
    }
}
